"""For operators: everybody's requests without their words, many retried or canceled at once, and who did that."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request as HttpRequest
from litestar import Response, Router, get, post
from litestar.openapi.spec import Example
from litestar.params import Body, FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta, Struct

from api.access import require_operator
from api.bulk import act_on
from api.page import Page, answer_page, cut_page
from api.provide import Cut, Given, Learner
from api.submit import Desk
from api.text import clean_text
from core.contracts.ids import RequestId
from core.contracts.job import Queue
from core.contracts.ops import Audited, Filter, JobOverview, Overview
from core.contracts.request import Created, Product, RequestStatus
from core.db.audit import insert_act, insert_look, list_audit, mark_act_done
from core.db.backlog import list_backlogs
from core.db.ops import get_overview, list_changeable, list_overviews
from core.db.pool import Pool, connected
from core.db.workers import count_workers
from core.settings import Settings

AT_ONCE = 500
REASON_MAX_CHARS = 500


class OverviewPage(Page, frozen=True):
    """Requests of anybody."""

    items: tuple[Overview, ...]


class AuditPage(Page, frozen=True):
    """What operators did."""

    items: tuple[Audited, ...]


class WholeOverview(Struct, frozen=True):
    """One request with its jobs."""

    request: Overview
    jobs: tuple[JobOverview, ...]


class Bulk(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do it to, why, and whether to do it at all: a dry run only says what would change."""

    filter: Filter
    reason: str
    dry_run: bool = True
    limit: Annotated[int, Meta(ge=1, le=AT_ONCE)] = AT_ONCE
    cursor: UUID | None = None


class BulkDone(Struct, frozen=True):
    """What matched and changed; `next` is the cursor for more of the same."""

    dry_run: bool
    matched: int
    changed: int
    requests: tuple[RequestId, ...]
    next: str | None


class QueueView(Struct, frozen=True):
    """A queue now. `startable` are waiting jobs of learners below their own limit, `oldest_seconds` the wait of the first."""

    queue: Queue
    waiting: int
    startable: int
    running: int
    oldest_seconds: float
    workers: int


class Queues(Struct, frozen=True):
    """Every queue; workers that serve several count in each."""

    items: tuple[QueueView, ...]


@get("/requests", operation_id="opsListRequests", summary="List anybody's requests, newest first")
async def list_requests(
    request: HttpRequest[Any, Any, Any],
    learner: Given[Learner],
    desk: Given[Desk],
    cut: Given[Cut],
    created: Given[Created],
    owner: Annotated[str | None, QueryParameter(name="owner", min_length=1, max_length=200)] = None,
    product: FromQuery[Product | None] = None,
    status: FromQuery[RequestStatus | None] = None,
    failure: Annotated[
        str | None,
        QueryParameter(name="failure", pattern="^[a-z-]{1,50}$", description="The last word of a problem's type: crash-loop."),
    ] = None,
) -> Response[OverviewPage]:
    wanted = Filter(owner, product, status, failure, created.after, created.before)
    async with desk.transaction(learner.user_id) as db:
        found = await list_overviews(db, wanted, cut.limit + 1, RequestId(cut.cursor) if cut.cursor else None)
        page, after = cut_page(found, cut)
        await insert_look(db, learner.user_id, "list", wanted, len(page))
    return answer_page(OverviewPage, request, page, after)


@get("/requests/{request_id:uuid}", operation_id="opsGetRequest", summary="See how anybody's request goes")
async def show_request(request_id: FromPath[RequestId], learner: Given[Learner], desk: Given[Desk]) -> WholeOverview:
    async with desk.transaction(learner.user_id) as db:
        overview, jobs = await get_overview(db, request_id)
        await insert_look(db, learner.user_id, "show", {"id": request_id}, 1)
    return WholeOverview(overview, tuple(jobs))


FAILED_YESTERDAY = Example(
    summary="What a broken worker left behind",
    value={"filter": {"failure": "crash-loop"}, "reason": "The worker is mended.", "dry_run": False},
)
STUCK = Example(summary="What one learner waits for", value={"filter": {"owner": "8f3c…"}, "reason": "They asked us to."})


@post("/requests/retry", status_code=200, operation_id="opsRetryRequests", summary="Retry whatever failed and matches")
async def retry_requests(
    data: Annotated[Bulk, Body(examples=[FAILED_YESTERDAY])],
    learner: Given[Learner],
    desk: Given[Desk],
    settings: Given[Settings],
) -> BulkDone:
    return await _do(data, "retry", learner, desk, settings.deadline)


@post("/requests/cancel", status_code=200, operation_id="opsCancelRequests", summary="Cancel whatever is open and matches")
async def cancel_requests(
    data: Annotated[Bulk, Body(examples=[STUCK])], learner: Given[Learner], desk: Given[Desk], settings: Given[Settings]
) -> BulkDone:
    return await _do(data, "cancel", learner, desk, settings.deadline)


@get("/audit", operation_id="opsListAudit", summary="See what operators looked at and did, newest first")
async def show_audit(request: HttpRequest[Any, Any, Any], pool: Given[Pool], cut: Given[Cut]) -> Response[AuditPage]:
    async with connected(pool) as db:
        page, after = cut_page(await list_audit(db, cut.limit + 1, cut.cursor), cut)
    return answer_page(AuditPage, request, page, after)


@get("/queues", operation_id="opsListQueues", summary="See how full each queue is, and who serves it")
async def show_queues(pool: Given[Pool], settings: Given[Settings]) -> Queues:
    async with connected(pool) as db:
        workers = await count_workers(db)
        backlogs = await list_backlogs(db, settings.running_per_owner)
    return Queues(
        tuple(
            QueueView(each.queue, each.waiting, each.startable, each.running, each.oldest_seconds, workers[each.queue])
            for each in backlogs
        )
    )


async def _do(bulk: Bulk, action: Literal["retry", "cancel"], learner: Learner, desk: Desk, deadline: timedelta) -> BulkDone:
    reason = clean_text(bulk.reason, "/reason", REASON_MAX_CHARS)
    async with desk.transaction(learner.user_id) as db:
        before = RequestId(bulk.cursor) if bulk.cursor else None
        found = await list_changeable(db, action, bulk.filter, bulk.limit + 1, before)
        page, after = cut_page(found, Cut(bulk.limit, bulk.cursor))
        # Written down before it is done: an act that was cut short is in the audit too.
        act = await insert_act(db, learner.user_id, action, bulk.filter, reason, len(page), dry_run=bulk.dry_run)
    changed = 0
    if not bulk.dry_run:
        changed = await act_on(desk, action, page, deadline)
        async with desk.transaction(learner.user_id) as db:
            await mark_act_done(db, act, changed)
    return BulkDone(bulk.dry_run, len(page), changed, tuple(each.id for each in page), str(after) if after else None)


# The guard stands before all of them, also before one that nobody has thought of yet.
ops_routes: list[ControllerRouterHandler] = [
    Router(
        "/api/ops",
        guards=[require_operator],
        tags=["operators"],
        route_handlers=[list_requests, show_request, retry_requests, cancel_requests, show_audit, show_queues],
    )
]
