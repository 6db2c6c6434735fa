"""Haiku: ask for one, talk about it, have it illustrated."""

import random
from typing import Annotated

from litestar import Response, post
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from api.fold_haiku import COMPOSING, ILLUSTRATING, Haiku, fold
from api.lacking import lacking
from api.present import RequestView, answer_accepted
from api.provide import Given, Learner, Once, Wait
from api.submit import Accepted, Desk
from api.text import clean_text
from core.contracts.events import Event
from core.contracts.haiku import Compose, Message
from core.contracts.ids import HaikuId, UserId, new_id
from core.contracts.job import Ask
from core.contracts.request import Submission
from core.db.admission import wait_to_ask
from core.db.haiku import HaikuRow, has_open_job, insert_haiku, lock_haiku
from core.db.pool import Connection
from core.db.requests import list_requests_for
from core.db.stop import cancel_requests_for
from core.errors import Conflict, KeyReused, NotFound
from core.settings import Settings

MESSAGE_MAX_CHARS = 1000
TURNS_REMEMBERED = 40
"""How much of a long conversation the poet is told: each turn carries it all again."""

REQUESTS_MAX = 100
"""How often one haiku is talked about or illustrated: each time, and each reading, folds all that went before."""


class NewHaiku(Struct, frozen=True, forbid_unknown_fields=True):
    """What the haiku should be about, in any language, and whether pictures and voices follow by themselves."""

    topic: str
    illustrate: bool = True


class NewMessage(Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner says next."""

    text: str
    illustrate: bool = True


class NoBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What an Idempotency-Key stands for where nothing is sent."""


DONE_IN_TIME = ResponseSpec(RequestView, description="Over within the time the caller preferred to wait", generate_examples=False)

AUTUMN_RAIN = Example(summary="A topic", value={"topic": "autumn rain", "illustrate": True})
WINTER = Example(summary="A wish", value={"text": "Winter instead, please."})


@post(
    "/api/haiku",
    status_code=202,
    operation_id="composeHaiku",
    summary="Ask for a haiku",
    tags=["haiku"],
    responses={200: DONE_IN_TIME},
    opt={"refuses": [KeyReused]},
)
async def compose_haiku(
    data: Annotated[NewHaiku, Body(examples=[AUTUMN_RAIN])],
    learner: Given[Learner],
    desk: Given[Desk],
    settings: Given[Settings],
    once: Given[Once],
    wait: Given[Wait],
) -> Response[RequestView]:
    topic = clean_text(data.topic, "/topic", settings.topic_max_chars)
    haiku = HaikuId(new_id())
    ask = Compose(topic, (Message("learner", topic),), None, _seed(), data.illustrate)
    submission = _submission(learner, haiku, once, data, (ask,), text=topic)
    async with desk.transaction(learner.user_id) as db:
        accepted = await desk.submit(db, submission)
        if accepted.is_new:
            await insert_haiku(db, haiku, learner.user_id, topic)
    return await _answer(desk, accepted, wait)


@post(
    "/api/haiku/{haiku_id:uuid}/messages",
    status_code=202,
    operation_id="sendHaikuMessage",
    summary="Say something about a haiku",
    tags=["haiku"],
    responses={200: DONE_IN_TIME},
    opt={"refuses": [Conflict, KeyReused]},
)
async def send_message(
    haiku_id: FromPath[HaikuId],
    data: Annotated[NewMessage, Body(examples=[WINTER])],
    learner: Given[Learner],
    desk: Given[Desk],
    once: Given[Once],
    wait: Given[Wait],
) -> Response[RequestView]:
    text = clean_text(data.text, "/text", MESSAGE_MAX_CHARS)
    outdated: tuple[Event, ...] = ()
    async with desk.transaction(learner.user_id) as db:
        row = await _lock(db, haiku_id, learner.user_id)
        accepted = await desk.find_earlier(db, learner.user_id, once.key, once.hash(data))
        if accepted is None:
            await _refuse_while(db, haiku_id, COMPOSING, "The poet is still busy with the last message.")
            haiku = await _read(db, row, learner.user_id)
            await wait_to_ask(db, learner.user_id)
            # Of a poem that changes nobody would see the pictures, nor should anybody pay for them.
            outdated = await cancel_requests_for(db, haiku_id, learner.user_id)
            ask = _turn(haiku, text, illustrate=data.illustrate, interrupted=haiku.status == "illustrating")
            accepted = await desk.submit(db, _submission(learner, haiku_id, once, data, (ask,), text=text))
    await desk.tell(outdated)
    return await _answer(desk, accepted, wait)


@post(
    "/api/haiku/{haiku_id:uuid}/illustrations",
    status_code=202,
    operation_id="illustrateHaiku",
    summary="Have the poem painted and spoken, or what is missing of that",
    tags=["haiku"],
    responses={200: DONE_IN_TIME},
    opt={"refuses": [Conflict, KeyReused]},
)
async def illustrate_haiku(
    haiku_id: FromPath[HaikuId], learner: Given[Learner], desk: Given[Desk], once: Given[Once], wait: Given[Wait]
) -> Response[RequestView]:
    nothing = NoBody()
    async with desk.transaction(learner.user_id) as db:
        row = await _lock(db, haiku_id, learner.user_id)
        accepted = await desk.find_earlier(db, learner.user_id, once.key, once.hash(nothing))
        if accepted is None:
            await _refuse_while(db, haiku_id, COMPOSING + ILLUSTRATING, "This haiku is still being made.")
            haiku = await _read(db, row, learner.user_id)
            if haiku.draft is None:
                raise Conflict("There is no poem to illustrate yet.")
            asks = lacking(haiku.draft.poem, haiku.media, _seed())
            accepted = await desk.submit(db, _submission(learner, haiku_id, once, nothing, asks))
    return await _answer(desk, accepted, wait)


haiku_routes: list[ControllerRouterHandler] = [compose_haiku, send_message, illustrate_haiku]


async def _lock(db: Connection, haiku: HaikuId, owner: UserId) -> HaikuRow:
    row = await lock_haiku(db, haiku, owner)
    if row is None:
        raise NotFound("There is no such haiku.")
    return row


async def _refuse_while(db: Connection, haiku: HaikuId, kinds: list[str], reason: str) -> None:
    if await has_open_job(db, haiku, kinds):
        raise Conflict(reason)


async def _read(db: Connection, row: HaikuRow, owner: UserId) -> Haiku:
    """Raises Conflict for a haiku of which there is enough."""
    requests = await list_requests_for(db, [row.id], owner, ILLUSTRATING)
    if len(requests) >= REQUESTS_MAX:
        raise Conflict(f"This haiku has had its {REQUESTS_MAX} turns; begin a new one.")
    return fold(row, requests)


async def _answer(desk: Desk, accepted: Accepted, wait: Wait) -> Response[RequestView]:
    await desk.announce(accepted)
    request, waited_seconds = await wait.until_over(accepted.request)
    forecast = await desk.forecaster.foretell(request)
    return answer_accepted(request, forecast, replayed=not accepted.is_new, waited_seconds=waited_seconds)


def _turn(haiku: Haiku, text: str, *, illustrate: bool, interrupted: bool) -> Compose:
    conversation = (*haiku.conversation, Message("learner", text))[-TURNS_REMEMBERED:]
    poem = haiku.draft.poem if haiku.draft else None
    return Compose(haiku.topic, conversation, poem, _seed(), illustrate, interrupted)


def _submission(learner: Learner, haiku: HaikuId, once: Once, body: Struct, asks: tuple[Ask, ...], **said: str) -> Submission:
    return Submission(learner.user_id, "haiku", haiku, dict(said), asks, once.key, once.hash(body))


def _seed() -> int:
    return random.getrandbits(63)
