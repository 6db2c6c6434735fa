"""Break everything for a while and count: `python -m tests.chaos --seed 1 --duration 60`. Exits with 1 if a promise broke."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.chaos.faults import keep_failing
from tests.chaos.learners import Temper, live
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import World, world
from tests.pgbouncer import MISSING, find_pgbouncer
from tests.until import until

LEARNERS = (*(Temper(f"learner {number}") for number in range(8)), Temper("greedy", patience=20))
FAULT_EVERY_SECONDS = 0.9
SETTLE_SECONDS = 120.0
LOOK_SECONDS = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--duration", type=float, default=60.0, help="seconds of faults")
    parser.add_argument("--keep", type=Path, help="a folder for rows and logs, kept for looking at them afterwards")
    parser.add_argument("--direct", action="store_true", help="without PgBouncer between code and PostgreSQL")
    asked = parser.parse_args()
    proxied = not asked.direct and find_pgbouncer() is not None
    if not proxied and not asked.direct:
        sys.stderr.write(f"{MISSING}\n")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="kotonoha-chaos-"))
    verdict = asyncio.run(run(folder, asked.seed, asked.duration, proxied=proxied))
    print(json.dumps(asdict(verdict)))  # noqa: T201  the command's answer
    if verdict.broken:
        sys.stderr.write(f"Broken: {', '.join(verdict.broken)}. Look into {folder}.\n")
        return 1
    if asked.keep is None:
        shutil.rmtree(folder)
    return 0


async def run(folder: Path, seed: int, seconds: float, *, proxied: bool) -> Verdict:
    async with world(folder, seed, proxied=proxied) as made:
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for temper in LEARNERS:
                group.create_task(live(made, temper, enough))
            group.create_task(keep_failing(made, enough, FAULT_EVERY_SECONDS))
            await asyncio.sleep(seconds)
            enough.set()
        await until(lambda: all_over(made), SETTLE_SECONDS)
        return await judge(made, seed)


async def all_over(made: World) -> bool:
    await asyncio.sleep(LOOK_SECONDS)
    return not await made.fetch("SELECT 1 FROM street.requests WHERE finished_at IS NULL LIMIT 1")


if __name__ == "__main__":
    sys.exit(main())
