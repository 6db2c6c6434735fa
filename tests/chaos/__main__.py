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
from tests.chaos.greed import run_flood
from tests.chaos.learners import Temper, live
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import SETTLE_SECONDS, all_over, world
from tests.pgbouncer import MISSING, find_pgbouncer
from tests.until import until

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
    broken = asyncio.run(_flood(folder, asked.seed, proxied=proxied) if asked.greedy else _minute(folder, asked, proxied=proxied))
    if broken:
        sys.stderr.write(f"Broken: {', '.join(broken)}. Look into {folder}.\n")
        return 1
    if asked.keep is None:
        shutil.rmtree(folder)
    return 0


async def _minute(folder: Path, asked: argparse.Namespace, *, proxied: bool) -> list[str]:
    verdict = await run(folder, asked.seed, asked.duration, proxied=proxied)
    print(json.dumps(asdict(verdict)))  # noqa: T201  the command's answer
    return verdict.broken


async def _flood(folder: Path, seed: int, *, proxied: bool) -> list[str]:
    flood = await run_flood(folder, seed, proxied=proxied)
    print(json.dumps(asdict(flood)))  # noqa: T201  the command's answer
    return flood.broken


async def run(folder: Path, seed: int, seconds: float, *, proxied: bool) -> Verdict:
    async with world(folder, seed, proxied=proxied) as made:
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for temper in LEARNERS:
                group.create_task(live(made, temper, enough))
            group.create_task(keep_failing(made, enough))
            await asyncio.sleep(seconds)
            enough.set()
        await until(lambda: all_over(made), SETTLE_SECONDS)
        return await judge(made, seed)


if __name__ == "__main__":
    sys.exit(main())
