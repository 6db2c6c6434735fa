"""One learner asks for a thousand jobs at once: how long everybody else then waits, and whether each of them is done and paid."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from tests.chaos.faults import fail_for
from tests.chaos.learners import insist
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import WORKERS, World, all_over, world
from tests.until import until

JOBS = 1_000
OTHERS = 3
AT_ONCE = 8
SLOTS = 1
"""Of each worker."""
FAULT_SECONDS = 15.0
TUNING = {
    # What one may have open is what refuses such a flood; here it is let in.
    "KOTONOHA_OPEN_PER_OWNER": str(JOBS),
    # Four in all, which the flood may fill: who comes then must be let past everybody that waits.
    "KOTONOHA_SLOTS_PER_QUEUE": str(SLOTS),
    "KOTONOHA_RUNNING_PER_OWNER": str(SLOTS * WORKERS),
    # Its end waits long, and that alone is no failure.
    "KOTONOHA_DEADLINE_SECONDS": "900",
}


@dataclass(frozen=True)
class Flood:
    """`alone_s` is how long the one job of a learner took before the flood, and `beside_s` while it waited: medians of what
    OTHERS asked for at once, in seconds. `waiting` jobs of the flood were left then; `succeeded` of them in the end, of which
    `unpaid` are in nobody's ledger, and `unexplained` ones neither succeeded nor failed for a stated reason."""

    alone_s: float
    beside_s: float
    waiting: int
    succeeded: int
    unpaid: int
    unexplained: int
    verdict: Verdict

    @property
    def lost(self) -> list[str]:
        never = {"unpaid": self.unpaid, "unexplained": self.unexplained}
        return [*self.verdict.lost, *(name for name, times in never.items() if times)]

    @property
    def broken(self) -> list[str]:
        late = {"delay": self.beside_s > 2 * self.alone_s, "flood": self.waiting < JOBS / 2}
        return [*dict.fromkeys([*self.lost, *self.verdict.broken]), *(name for name, is_so in late.items() if is_so)]


async def run_flood(folder: Path, seed: int, *, proxied: bool) -> Flood:
    """Measured while nothing is broken; then faults come, and the flood must be done and paid for all the same."""
    async with world(folder, seed, proxied=proxied, tuning=TUNING) as made:
        # Calls that take two seconds: what differs then is the wait for a turn, and not how busy this machine is.
        made.storm.blow("slow", seconds=3600)
        alone = await _ask_alone(made, "before")
        asked = await _flood(made)
        beside = await _ask_alone(made, "beside")
        waiting = await made.fetch(
            "SELECT 1 FROM street.jobs WHERE request_id = ANY($1) AND status IN ('queued', 'retrying')", asked
        )
        made.storm.blow("fair", seconds=0)
        await fail_for(made, FAULT_SECONDS)
        await all_over(made)
        hashes = await _succeeded(made, asked)
        paid = made.ledger.payments()
        unpaid = sum(not paid[each] for each in hashes)
        unexplained = await _unexplained(made, asked)
        return Flood(alone, beside, len(waiting), len(hashes), unpaid, unexplained, await judge(made, seed))


async def _ask_alone(world: World, when: str) -> float:
    """Each of several learners asks for one job; the median of how long they took, on the clock of the database."""
    took = await asyncio.gather(*(_ask_for_one(world, f"{when} {number}") for number in range(OTHERS)))
    return round(statistics.median(took), 2)


async def _ask_for_one(world: World, learner: str) -> float:
    (request,) = await _ask(world, learner, 1)
    seconds: list[float] = []

    async def is_over() -> bool:
        rows = await world.fetch(
            "SELECT extract(epoch FROM finished_at - created_at)::float8 AS s FROM street.requests WHERE id = $1", request
        )
        seconds[:] = [row["s"] for row in rows if row["s"] is not None]
        return bool(seconds)

    await until(is_over, within_seconds=60, every_seconds=0.1)
    return seconds[0]


async def _flood(world: World) -> list[UUID]:
    parts = await asyncio.gather(*(_ask(world, "greedy", JOBS // AT_ONCE) for _ in range(AT_ONCE)))
    return [request for part in parts for request in part]


async def _ask(world: World, learner: str, times: int) -> list[UUID]:
    """For poems alone: one job each."""
    async with world.client(learner) as client:
        asked = []
        for _ in range(times):
            body = {"topic": f"topic {uuid4()}", "illustrate": False}
            asked.append(await insist(world, client, "POST", "/api/haiku", body, key=uuid4().hex))
    ids = [UUID(request["id"]) for request in asked]
    world.notes.accepted.update(ids)
    return ids


async def _succeeded(world: World, asked: Sequence[UUID]) -> list[str]:
    """The hashes of what was asked for, as they stand in the ledger."""
    rows = await world.fetch("SELECT input_hash FROM street.jobs WHERE request_id = ANY($1) AND status = 'succeeded'", asked)
    return [row["input_hash"] for row in rows]


async def _unexplained(world: World, asked: Sequence[UUID]) -> int:
    rows = await world.fetch(
        """
        SELECT 1 FROM street.jobs
         WHERE request_id = ANY($1) AND status <> 'succeeded' AND NOT (status = 'failed' AND error ->> 'detail' <> '')""",
        asked,
    )
    return len(rows)
