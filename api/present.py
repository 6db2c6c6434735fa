"""A request as its owner sees it: what rows know, with links and progress, and nothing of owner, input, lease or worker."""

from datetime import datetime

from litestar import Response
from msgspec import Struct

from api.forecast import NOBODY_KNOWS, Forecast, within
from api.page import Page
from api.progress import Progress, tell_progress
from core.contracts.ids import ArtifactId, JobId, RequestId
from core.contracts.job import Job, JobStatus, Problem, Queue
from core.contracts.request import Product, Request, RequestStatus

LOOK_AGAIN_SECONDS = 1
LOOK_AGAIN_MAX_SECONDS = 10


class Follower(Struct, frozen=True):
    """A job that another one named when it succeeded."""

    id: JobId
    kind: str


class JobView(Struct, frozen=True):
    """One paid call. `cost_microusd` is null where no price is known."""

    id: JobId
    kind: str
    queue: Queue
    status: JobStatus
    attempt: int
    provider: str | None
    model: str | None
    usage: dict[str, int] | None
    cost_microusd: int | None
    artifact: ArtifactId | None
    error: Problem | None
    followed_by: tuple[Follower, ...]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Links(Struct, frozen=True, rename={"itself": "self"}):
    """Paths on this host."""

    itself: str
    events: str
    cancel: str
    retry: str
    resource: str


class Result(Struct, frozen=True):
    """Where to read what a request made."""

    resource: str


class RequestView(Struct, frozen=True):
    """What was asked for and how far it is.

    While it waits, `queue_position` is how many-th its first job is in the order workers take them (1 is next), and
    `eta_seconds` when that job is done at the pace of late; its jobs that follow come later. Both are null when it runs or
    is over, in lists, and when nobody can tell.
    """

    id: RequestId
    product: Product
    status: RequestStatus
    resource: str
    progress: Progress
    jobs: tuple[JobView, ...]
    queue_position: int | None
    eta_seconds: int | None
    cost_microusd: int | None
    error: Problem | None
    result: Result | None
    links: Links
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RequestPage(Page, frozen=True):
    """Requests."""

    items: tuple[RequestView, ...]


def present_request(request: Request, forecast: Forecast = NOBODY_KNOWS) -> RequestView:
    resource = resource_path(request)
    return RequestView(
        id=request.id,
        product=request.product,
        status=request.status,
        resource=resource,
        progress=tell_progress(request),
        jobs=tuple(present_job(job, request.jobs) for job in request.jobs),
        queue_position=forecast.position,
        eta_seconds=forecast.eta_seconds,
        cost_microusd=request.cost_microusd,
        error=request.error,
        result=Result(resource) if request.status == "succeeded" else None,
        links=_links(request),
        created_at=request.created_at,
        started_at=request.started_at,
        finished_at=request.finished_at,
    )


def present_job(job: Job, siblings: tuple[Job, ...]) -> JobView:
    """`siblings` are all jobs of the request: who follows is told by their parent."""
    return JobView(
        id=job.id,
        kind=job.kind,
        queue=job.queue,
        status=job.status,
        attempt=job.attempt,
        provider=job.provider,
        model=job.model,
        usage=job.usage,
        cost_microusd=job.cost_microusd,
        artifact=job.artifact,
        error=job.error,
        followed_by=tuple(Follower(other.id, other.kind) for other in siblings if other.parent == job.id),
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def request_path(request_id: RequestId) -> str:
    return f"/api/requests/{request_id}"


def resource_path(request: Request) -> str:
    return f"/api/{request.product}/{request.resource_id}"


def look_again(of: Request | Job, forecast: Forecast = NOBODY_KNOWS) -> dict[str, str]:
    """Retry-After, as long as there is something to wait for."""
    if of.finished_at is not None:
        return {}
    wait = within(forecast.eta_seconds or LOOK_AGAIN_SECONDS, LOOK_AGAIN_SECONDS, LOOK_AGAIN_MAX_SECONDS)
    return {"Retry-After": str(wait.seconds)}


def answer_accepted(request: Request, forecast: Forecast, *, replayed: bool, waited_seconds: int = 0) -> Response[RequestView]:
    """202, where to look, and when; 200 when the caller waited for the end of it and it came.

    `replayed` tells that an earlier ask with the same key was found.
    """
    headers = {"Location": request_path(request.id), **look_again(request, forecast)}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if waited_seconds:
        headers["Preference-Applied"] = f"wait={waited_seconds}"
    status = 200 if waited_seconds and request.is_over else 202
    return Response(present_request(request, forecast), status_code=status, headers=headers)


def _links(request: Request) -> Links:
    path = request_path(request.id)
    return Links(
        itself=path,
        events=f"{path}/events",
        cancel=f"{path}/cancel",
        retry=f"{path}/retry",
        resource=resource_path(request),
    )
