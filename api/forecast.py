"""When will it be my turn, and when will it be done? Told from the rows and from what workers did lately, or not at all."""

import math
import time
from datetime import timedelta

from msgspec import Struct

from core.contracts.ids import RequestId
from core.contracts.job import QUEUES, Queue
from core.contracts.kinds import ASKS
from core.contracts.request import Request
from core.db.place import Place, list_durations, list_places
from core.db.pool import Connection, Pool, connected
from core.db.workers import count_workers
from core.errors import Unavailable
from core.settings import Settings

REMEMBERED_SECONDS = 5.0


class Forecast(Struct, frozen=True):
    """`position` is how many-th the first waiting job of a request would be claimed if nobody came and nothing ended;
    `eta_seconds` when that job is done at the pace of late. None is what nobody knows."""

    position: int | None = None
    eta_seconds: int | None = None


NOBODY_KNOWS = Forecast()


class Pace(Struct, frozen=True):
    """What workers do now: jobs at once by queue, and seconds for one by kind. What is not there is not known."""

    slots: dict[Queue, int]
    seconds: dict[str, float]

    def seconds_in(self, queue: Queue) -> float | None:
        """For a job of this queue, whichever kind it is."""
        known = [seconds for kind, seconds in self.seconds.items() if ASKS[kind].queue == queue]
        return sum(known) / len(known) if known else None

    def seconds_to_end(self, queue: Queue, jobs: int) -> float | None:
        """Until so many jobs of a queue that is never idle have ended."""
        each = self.seconds_in(queue)
        slots = self.slots.get(queue, 0)
        return jobs * each / slots if each is not None and slots else None


class Forecaster:
    """One for the process: it remembers the pace for some seconds."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings
        self._pace = Pace({}, {})
        self._read_at = float("-inf")

    async def foretell(self, request: Request) -> Forecast:
        """Of a request that waits; of any other nothing is told. Raises nothing."""
        if request.status != "queued":
            return NOBODY_KNOWS
        try:
            async with connected(self._pool) as db:
                return await self._look(db, request.id)
        except Unavailable:
            return NOBODY_KNOWS

    async def pace(self, db: Connection) -> Pace:
        if time.monotonic() - self._read_at > REMEMBERED_SECONDS:
            workers = await count_workers(db)
            slots = {queue: workers[queue] * self._settings.slots_per_queue for queue in QUEUES}
            self._pace = Pace(slots, await list_durations(db, list(ASKS)))
            self._read_at = time.monotonic()
        return self._pace

    async def _look(self, db: Connection, request_id: RequestId) -> Forecast:
        places = await list_places(db, request_id)
        if not places:
            return NOBODY_KNOWS
        pace = await self.pace(db)
        etas = [foresee(place, pace, self._settings.running_per_owner) for place in places]
        known = [eta for eta in etas if eta is not None]
        # The first of several queues to have an end; one nobody can tell of might have it sooner.
        eta = min(known) if len(known) == len(etas) else None
        return Forecast(min(place.position for place in places), eta)


def foresee(place: Place, pace: Pace, running_per_owner: int) -> int | None:
    """Whole seconds until a waiting job is done: the slots that must come free before it, at most `running_per_owner` of them
    its learner's own, and then itself."""
    slots = pace.slots.get(place.queue, 0)
    itself = pace.seconds.get(place.kind)
    each = pace.seconds_in(place.queue)
    if not slots or itself is None or each is None:
        return None
    to_come_free = max(0, place.position - max(0, slots - place.running))
    own = max(0, place.turn - running_per_owner)
    waits = max(to_come_free / slots, own / min(running_per_owner, slots)) * each
    return max(1, math.ceil(waits + itself))


def within(seconds: float, least: int, most: int) -> timedelta:
    """A wait nobody is bored or hurried by."""
    return timedelta(seconds=min(max(math.ceil(seconds), least), most))
