"""How far a request has come, in numbers and in words that are true also of one that failed or was canceled."""

from msgspec import Struct

from core.contracts.request import Request


class Progress(Struct, frozen=True):
    """How far the jobs known so far have come; a job that succeeds may add some, so `fraction` can fall.

    `completed` counts jobs that succeeded and no others: what failed or was canceled is not done, and a request that ended so
    never reaches a `fraction` of 1.
    """

    completed: int
    total: int
    fraction: float
    message: str


def tell_progress(request: Request) -> Progress:
    completed = sum(job.status == "succeeded" for job in request.jobs)
    total = request.jobs_total
    return Progress(completed, total, round(completed / total, 3) if total else 0.0, _message(request, completed))


def _message(request: Request, completed: int) -> str:
    done = f"{completed} of {request.jobs_total} steps done."
    match request.status:
        case "succeeded":
            return f"Done: {completed} of {request.jobs_total} steps."
        case "failed":
            return f"Failed with {done}"
        case "canceled":
            return f"Canceled with {done}"
    if request.cancel_requested_at is not None:
        return f"Stopping, with {done}"
    return "Waiting for a worker." if request.status == "queued" else done
