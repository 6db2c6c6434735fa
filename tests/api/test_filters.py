"""A list shows what was asked for and nothing else, page after page."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.db.pool import Pool
from tests.api.work import claim, fail, submit

EARLY, LATE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


async def created_on(pool: Pool, moment: datetime) -> str:
    """A request of Mei's, with an id as it is made at that moment."""
    made = await submit(pool)
    first_bytes = int(moment.timestamp() * 1000).to_bytes(6, "big").hex()
    earlier = f"{first_bytes[:8]}-{first_bytes[8:]}{str(made)[13:]}"
    await pool.execute("SET session_replication_role = replica")
    await pool.execute("UPDATE street.requests SET id = $2, created_at = $3 WHERE id = $1", made, earlier, moment)
    return earlier


async def listed(mei: httpx.AsyncClient, path: str = "/api/requests", **filters: str) -> list[str]:
    """Every page of it."""
    found: list[str] = []
    more: dict[str, str] = {}
    while True:
        answer = await mei.get(path, params={"limit": "2", **filters, **more})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return found
        assert all(name in answer.headers["link"] for name in filters)
        more = {"cursor": page["next"]}


async def test_a_time_begins_with_its_first_moment_and_ends_before_its_last(mei: httpx.AsyncClient, pool: Pool) -> None:
    days = [await created_on(pool, EARLY + timedelta(days=number)) for number in range(4)]

    assert await listed(mei) == days[::-1]
    assert await listed(mei, created_after=EARLY.isoformat(), created_before=LATE.isoformat()) == [days[1], days[0]]
    assert await listed(mei, created_after=LATE.isoformat()) == [days[3], days[2]]
    assert await listed(mei, created_before="2026-03-02T09:00:00+09:00") == [days[0]]


async def test_clocks_that_differ_hide_nothing(mei: httpx.AsyncClient, pool: Pool) -> None:
    fast = await created_on(pool, EARLY + timedelta(minutes=5))
    await pool.execute("UPDATE street.requests SET created_at = $1", EARLY)

    assert await listed(mei, created_before=(EARLY + timedelta(seconds=1)).isoformat()) == [fast]
    assert await listed(mei, created_after=(EARLY + timedelta(seconds=1)).isoformat()) == []


async def test_filters_hold_together(mei: httpx.AsyncClient, pool: Pool) -> None:
    failed, waiting = await submit(pool), await submit(pool)
    job, _ = sorted(await claim(pool), key=lambda job: job.request_id != failed)
    await fail(pool, job)
    now = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()

    assert await listed(mei, status="failed", product="haiku", created_after=now) == [str(failed)]
    assert await listed(mei, product="vocab") == []
    assert await listed(mei, status="running") == [str(waiting)]


@pytest.mark.parametrize("moment", ["yesterday", "2026-03-01T00:00:00", "0001-01-01T00:00:00+09:00", "2026-13-01T00:00:00Z"])
async def test_what_is_no_moment_is_pointed_at(mei: httpx.AsyncClient, moment: str) -> None:
    answer = await mei.get("/api/requests", params={"created_after": moment})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/created_after"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_the_ends_of_time_are_moments_too(mei: httpx.AsyncClient, moment: str) -> None:
    assert await listed(mei, created_after=moment) == []
    assert await listed(mei, created_before=moment) == []


async def test_a_filter_given_twice_is_refused_like_one_that_does_not_exist(mei: httpx.AsyncClient) -> None:
    twice = await mei.get("/api/requests?status=succeeded&status=failed&limit=2")
    unknown = await mei.get("/api/requests?state=failed")

    assert (twice.status_code, unknown.status_code) == (400, 400)
    assert twice.json()["errors"] == [{"pointer": "/status", "detail": "Give this parameter once."}]
    assert unknown.json()["errors"] == [{"pointer": "/state", "detail": "There is no such parameter."}]
