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
from tests.chaos.greed import Flood, run_flood
from tests.chaos.learners import Temper, live
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import all_over, world
from tests.pgbouncer import MISSING, find_pgbouncer

LEARNERS = (*(Temper(f"learner {number}") for number in range(8)), Temper("greedy", patience=20))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--duration", type=float, default=60.0, help="seconds of faults")
    parser.add_argument("--keep", type=Path, help="a folder for rows and logs, kept for looking at them afterwards")
    parser.add_argument("--greedy", action="store_true", help="instead: one learner with a thousand jobs, and what others wait")
    parser.add_argument("--direct", action="store_true", help="without PgBouncer between code and PostgreSQL")
    asked = parser.parse_args()
    proxied = not asked.direct and find_pgbouncer() is not None
    if not proxied and not asked.direct:
        sys.stderr.write(f"{MISSING}\n")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="kotonoha-chaos-"))
    judged = asyncio.run(_judged(folder, asked, proxied=proxied))
    sys.stdout.write(f"{json.dumps(asdict(judged))}\n")
    if judged.broken:
        sys.stderr.write(f"Broken: {', '.join(judged.broken)}. Look into {folder}.\n")
        return 1
    if asked.keep is None:
        shutil.rmtree(folder)
    return 0


async def _judged(folder: Path, asked: argparse.Namespace, *, proxied: bool) -> Verdict | Flood:
    if asked.greedy:
        return await run_flood(folder, asked.seed, proxied=proxied)
    return await run(folder, asked.seed, asked.duration, proxied=proxied)


async def run(folder: Path, seed: int, seconds: float, *, proxied: bool) -> Verdict:
    async with world(folder, seed, proxied=proxied) as made:
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for temper in LEARNERS:
                group.create_task(live(made, temper, enough))
            group.create_task(keep_failing(made, enough))
            await asyncio.sleep(seconds)
            enough.set()
        await all_over(made)
        return await judge(made, seed)


if __name__ == "__main__":
    sys.exit(main())
