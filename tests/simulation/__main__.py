"""Print the day under each policy: `python -m tests.simulation`."""

import sys
from collections.abc import Callable

from tests.simulation.day import Conditions, Day, Policy, simulate
from tests.simulation.policies import by_backlog, by_cpu

CASES: tuple[tuple[str, Callable[[], Policy], Conditions], ...] = (
    ("processor 70 %, 1–4 tasks", by_cpu, Conditions()),
    ("backlog and age, 1–4", lambda: by_backlog(4), Conditions()),
    ("backlog and age, 1–24", lambda: by_backlog(24), Conditions()),
    ("… every task interrupted once in two hours", lambda: by_backlog(24), Conditions(interruptions_an_hour=0.5)),
    ("… half the fleet taken at noon", lambda: by_backlog(24), Conditions(interruptions_an_hour=0.5, reclaimed_at_noon=0.5)),
    (
        "… jobs of 60 s, a third as many",
        lambda: by_backlog(24),
        Conditions(job_seconds=60, rate=1 / 3, interruptions_an_hour=0.5),
    ),
)


HEAD = """\
| policy | served | left | wait p50 / p99 s | deepest queue | interruptions | handed back | mean tasks |
|---|---|---|---|---|---|---|---|"""


def main() -> None:
    sys.stdout.write(f"{table()}\n")


def table() -> str:
    return "\n".join([HEAD, *(_row(name, simulate(policy(), conditions)) for name, policy, conditions in CASES)])


def _row(name: str, day: Day) -> str:
    waits = f"{day.wait(0.5):,} / {day.wait(0.99):,}"
    return (
        f"| {name} | {day.served:,} | {day.left:,} | {waits} | {day.deepest:,} | {day.interruptions} "
        f"| {day.handed_back} | {day.mean_tasks:.1f} |"
    )


if __name__ == "__main__":
    main()
