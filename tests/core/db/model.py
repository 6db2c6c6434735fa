"""The street without SQL: what each step makes of one request, as pure functions. Postgres must agree with every word."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from core.contracts.job import JobStatus
from core.contracts.request import RequestStatus

WAITING: frozenset[JobStatus] = frozenset({"queued", "retrying"})
OPEN: frozenset[JobStatus] = WAITING | {"running"}


class JobModel(Struct, frozen=True):
    """A job without its words. `call` is what is known of the provider call of this epoch."""

    status: JobStatus = "queued"
    attempt: int = 0
    epoch: int = 0
    lost_leases: int = 0
    is_due: bool = True
    is_expired: bool = False
    call: Literal["", "intent", "ok", "failed"] = ""


class RequestModel(Struct, frozen=True):
    """A request, its jobs in the order they were made, and everything that was told about it."""

    jobs: tuple[JobModel, ...]
    status: RequestStatus = "queued"
    is_canceled: bool = False
    told: tuple[str, ...] = ("request.accepted",)

    @property
    def running(self) -> list[int]:
        return [number for number, job in enumerate(self.jobs) if job.status == "running"]

    @property
    def startable(self) -> list[int]:
        return [number for number, job in enumerate(self.jobs) if job.status in WAITING and job.is_due and not self.is_canceled]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Jobs in all, open, failed."""
        statuses = [job.status for job in self.jobs]
        return len(statuses), sum(status in OPEN for status in statuses), statuses.count("failed")


def start(request: RequestModel, number: int) -> RequestModel:
    job = request.jobs[number]
    begun = replace(job, status="running", epoch=job.epoch + 1, attempt=job.attempt + 1, call="")
    return _tell(replace(_change(request, number, begun), status="running"), "job.started")


def renew(request: RequestModel, number: int) -> RequestModel:
    return _change(request, number, replace(request.jobs[number], is_expired=False))


def expire(request: RequestModel, number: int) -> RequestModel:
    return _change(request, number, replace(request.jobs[number], is_expired=True))


def may_call(request: RequestModel, number: int) -> bool:
    job = request.jobs[number]
    return job.status == "running" and not job.is_expired and not request.is_canceled


def intend(request: RequestModel, number: int) -> RequestModel:
    return _change(request, number, replace(request.jobs[number], call="intent")) if may_call(request, number) else request


def end(
    request: RequestModel,
    number: int,
    status: JobStatus,
    *,
    is_due: bool = True,
    refund: bool = False,
    is_lost: bool = False,
    followers: int = 0,
) -> RequestModel:
    job = request.jobs[number]
    ending: JobStatus = "canceled" if status == "retrying" and request.is_canceled else status
    ended = replace(
        job,
        status=ending,
        attempt=job.attempt - refund,
        lost_leases=job.lost_leases + 1 if is_lost else 0,
        is_due=is_due,
        is_expired=False,
        call=job.call if is_lost or not job.call else "ok" if status == "succeeded" else "failed",
    )
    request = _tell(_change(request, number, ended), f"job.{ending}")
    if ending == "succeeded" and not request.is_canceled:
        request = replace(request, jobs=request.jobs + (JobModel(),) * followers)
    return _close(request)


def stop(request: RequestModel, among: frozenset[JobStatus], status: Literal["canceled", "failed"]) -> RequestModel:
    """End every job in one of these states; only one who waits may be stopped without its run being lost."""
    if request.counts[1] == 0:
        return request
    ending: Literal["canceled", "failed"] = "canceled" if request.is_canceled else status
    request = replace(request, is_canceled=ending == "canceled")
    for number, job in enumerate(request.jobs):
        if job.status in among:
            request = _tell(_change(request, number, replace(job, status=ending, is_expired=False)), f"job.{ending}")
    return _close(request)


def retry(request: RequestModel) -> RequestModel:
    if request.is_canceled or request.counts[2] == 0:
        return request
    jobs = tuple(
        replace(job, status="queued", attempt=0, lost_leases=0, is_due=True) if job.status == "failed" else job
        for job in request.jobs
    )
    return _tell(replace(request, jobs=jobs, status="running"), "request.retried")


def pass_time(request: RequestModel) -> RequestModel:
    """Whatever waits for its next attempt has waited long enough."""
    return replace(request, jobs=tuple(replace(job, is_due=True) for job in request.jobs))


def _close(request: RequestModel) -> RequestModel:
    _, jobs_open, jobs_failed = request.counts
    if jobs_open:
        return request
    status: RequestStatus = "canceled" if request.is_canceled else "failed" if jobs_failed else "succeeded"
    return _tell(replace(request, status=status), f"request.{status}")


def _change(request: RequestModel, number: int, job: JobModel) -> RequestModel:
    return replace(request, jobs=(*request.jobs[:number], job, *request.jobs[number + 1 :]))


def _tell(request: RequestModel, word: str) -> RequestModel:
    return replace(request, told=(*request.told, word))
