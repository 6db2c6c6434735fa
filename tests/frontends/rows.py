"""What only the rows know."""

from core.contracts.ids import UserId
from tests.journeys.platform import Platform
from tests.until import until


async def find_painting(platform: Platform, haiku_id: str, line: int) -> tuple[UserId, str]:
    """Whose painting of this line it is, and the hash of what is asked, as soon as it is asked for."""
    found: list[tuple[UserId, str]] = []

    async def is_there() -> bool:
        rows = await platform.fetch(
            """
            SELECT j.owner, j.input_hash FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
             WHERE r.resource_id = $1 AND j.kind = 'image.paint' AND (j.input->'scene'->>'number')::int = $2""",
            haiku_id,
            line,
        )
        found.extend((UserId(row["owner"]), row["input_hash"]) for row in rows)
        return bool(found)

    await until(is_there, within_seconds=30)
    return found[0]


async def count_calls(platform: Platform, haiku_id: str) -> int:
    rows = await platform.fetch(
        """
        SELECT count(*) FROM street.provider_calls p JOIN street.jobs j ON j.id = p.job_id
          JOIN street.requests r ON r.id = j.request_id WHERE r.resource_id = $1""",
        haiku_id,
    )
    return int(rows[0]["count"])
