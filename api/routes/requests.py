"""Requests and jobs of any product: how far they are, cancel, retry."""

from typing import Any

from litestar import Request as HttpRequest
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from api.etag import SEEN, UNCHANGED, answer_unless_seen
from api.forecast import Forecaster
from api.page import answer_page, cut_page
from api.present import (
    JobView,
    RequestPage,
    RequestView,
    look_again,
    present_job,
    present_request,
)
from api.provide import Cut, Given, Learner
from api.submit import Desk
from core.contracts.ids import JobId, RequestId
from core.contracts.request import Created, Product, RequestStatus
from core.db.admission import wait_to_ask
from core.db.pool import Pool, connected
from core.db.requests import get_job, get_request, list_requests
from core.db.retry import retry_request
from core.db.stop import cancel_request
from core.settings import Settings


@get("/api/requests", operation_id="listRequests", summary="List requests, newest first", tags=["requests"])
async def list_all(
    request: HttpRequest[Any, Any, Any],
    learner: Given[Learner],
    pool: Given[Pool],
    cut: Given[Cut],
    created: Given[Created],
    product: FromQuery[Product | None] = None,
    status: FromQuery[RequestStatus | None] = None,
) -> Response[RequestPage]:
    before = RequestId(cut.cursor) if cut.cursor else None
    async with connected(pool) as db:
        found = await list_requests(db, learner.user_id, cut.limit + 1, before, product, status, created)
    page, after = cut_page(found, cut)
    return answer_page(RequestPage, request, map(present_request, page), after)


@get(
    "/api/requests/{request_id:uuid}",
    operation_id="getRequest",
    summary="See how far a request is",
    description="Carries an ETag over everything shown; sent back as If-None-Match, an unchanged request answers 304.",
    tags=["requests"],
    responses={304: UNCHANGED},
)
async def read(
    request_id: FromPath[RequestId],
    learner: Given[Learner],
    pool: Given[Pool],
    forecaster: Given[Forecaster],
    if_none_match: SEEN = None,
) -> Response[RequestView]:
    async with connected(pool) as db:
        found = await get_request(db, request_id, learner.user_id)
    forecast = await forecaster.foretell(found)
    return answer_unless_seen(present_request(found, forecast), if_none_match, look_again(found, forecast))


@post(
    "/api/requests/{request_id:uuid}/cancel",
    status_code=200,
    operation_id="cancelRequest",
    summary="Stop a request",
    description="What waits is canceled at once, what runs is told to stop. A request that is over stays as it is.",
    tags=["requests"],
)
async def cancel(request_id: FromPath[RequestId], learner: Given[Learner], desk: Given[Desk]) -> RequestView:
    async with desk.transaction(learner.user_id) as db:
        events = await cancel_request(db, request_id, learner.user_id)
        found = await get_request(db, request_id, learner.user_id)
    await desk.tell(events)
    return present_request(found)


@post(
    "/api/requests/{request_id:uuid}/retry",
    status_code=200,
    operation_id="retryRequest",
    summary="Try what failed again",
    description="Only failed jobs run again; what succeeded is kept. A request without any stays as it is.",
    tags=["requests"],
)
async def retry(
    request_id: FromPath[RequestId], learner: Given[Learner], desk: Given[Desk], settings: Given[Settings]
) -> RequestView:
    async with desk.transaction(learner.user_id) as db:
        await wait_to_ask(db, learner.user_id)
        events, queues = await retry_request(db, request_id, learner.user_id, settings.deadline)
        if queues:
            # They are counted already; whatever is refused here rolls them back.
            await desk.admit(db, learner.user_id, set(queues), jobs=0)
        found = await get_request(db, request_id, learner.user_id)
    await desk.tell(events, queues)
    return present_request(found)


@get(
    "/api/jobs/{job_id:uuid}",
    operation_id="getJob",
    summary="See one job of a request",
    description="Carries an ETag as its request does.",
    tags=["requests"],
    responses={304: UNCHANGED},
)
async def read_job(
    job_id: FromPath[JobId], learner: Given[Learner], pool: Given[Pool], if_none_match: SEEN = None
) -> Response[JobView]:
    async with connected(pool) as db:
        job, siblings = await get_job(db, job_id, learner.user_id)
    return answer_unless_seen(present_job(job, siblings), if_none_match, look_again(job))


requests_routes: list[ControllerRouterHandler] = [list_all, read, cancel, retry, read_job]
