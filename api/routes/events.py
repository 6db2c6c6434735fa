"""The events of one request as a stream that can be cut anywhere and taken up again."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Annotated

from litestar import Response, get
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.types import ControllerRouterHandler

from api.event_stream import EventStream
from api.follow import MAX_SEQ, Story
from api.provide import Given, Learner
from api.seats import STREAMS_PER_LEARNER, Seats
from core.contracts.events import Event
from core.contracts.ids import RequestId
from core.errors import Flaw, Gone, Invalid, NotAllowed
from telemetry.metrics import follower_resumed

DESCRIPTION = f"""
Server-sent events: `id` is the event's seq and `data` the event itself. Seqs start at 1 and have no gaps; `job.delta` and
`job.progress` pass by without one and are never repeated. Comments come while nothing happens, at least every 15 seconds.

The stream begins after `Last-Event-ID` when a browser sends it, else after `after`. It closes when the request is over and
everything was told, when the access token expires and when the server restarts: come back with the last id. 204 says that
nothing will follow, 410 that the events asked for are no longer kept and the request itself should be read, 429 that a learner
has {STREAMS_PER_LEARNER} streams open already: the live socket follows many requests on one connection.
"""

_SEQ = re.compile(r"[0-9]{1,10}")


@get(
    "/api/requests/{request_id:uuid}/events",
    media_type="text/event-stream",
    operation_id="followRequest",
    summary="Follow a request",
    description=DESCRIPTION.strip(),
    tags=["requests"],
    opt={"refuses": [Gone]},
    responses={
        200: ResponseSpec(
            Event, media_type="text/event-stream", description="A stream; this is each event's `data`", generate_examples=False
        ),
        204: ResponseSpec(None, description="Everything was told", generate_examples=False),
    },
)
async def follow(
    request_id: FromPath[RequestId],
    learner: Given[Learner],
    story: Given[Story],
    stream_seats: Given[Seats],
    stopping: Given[asyncio.Event],
    after: Annotated[int, QueryParameter(name="after", ge=0, le=MAX_SEQ, description="The last seq already known.")] = 0,
    last_event_id: Annotated[
        str | None, HeaderParameter(name="Last-Event-ID", description="What a browser sends when it comes back; wins.")
    ] = None,
) -> Response[str]:
    # The leeway at the door is for clocks that differ; a stream would only be cut again at once.
    if learner.expires_at <= datetime.now(UTC):
        raise NotAllowed("Your session has ended; sign in again.")
    last = after if last_event_id is None else read_seq(last_event_id)
    if not await story.has_more(request_id, learner.user_id, last):
        return Response("", status_code=204)
    if last:
        follower_resumed("stream")
    events, seat = story.follow(request_id, learner.user_id, last), stream_seats.take(learner.user_id)
    return EventStream(events, seat, learner.expires_at, stopping)


def read_seq(written: str) -> int:
    if not _SEQ.fullmatch(written) or int(written) > MAX_SEQ:
        raise Invalid("Last-Event-ID must be the id of an event.", [Flaw("/Last-Event-ID", "Not the id of an event.")])
    return int(written)


events_routes: list[ControllerRouterHandler] = [follow]
