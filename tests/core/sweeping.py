"""One sweep as a whole."""

from core.db.pool import Pool
from core.settings import Settings
from core.sweeper import Swept, sweep


async def swept_once(pool: Pool, settings: Settings) -> Swept:
    pieces = [piece async for piece in sweep(pool, settings)]
    return Swept(
        sum(piece.rescued for piece in pieces),
        sum(piece.overdue for piece in pieces),
        tuple(dict.fromkeys(queue for piece in pieces for queue in piece.due)),
        tuple(event for piece in pieces for event in piece.events),
    )
