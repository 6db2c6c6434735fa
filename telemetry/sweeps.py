"""What a sweep found, in the log and in the numbers."""

from collections.abc import Sequence

from telemetry.logs import get_log
from telemetry.metrics import Step, jobs_rescued, requests_over

log = get_log("loops")


def tell_sweep(rescued: int, overdue: int, steps: Sequence[Step]) -> None:
    """Only one that found something: there is one a second."""
    jobs_rescued(rescued)
    requests_over(steps)
    if rescued or overdue:
        log.warning("swept", rescued=rescued, overdue=overdue)
