"""Haiku: ask for one, talk about it, have it illustrated, read it, delete it."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from litestar import Request as HttpRequest
from litestar import Response, delete, get, post
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from api.fold_haiku import COMPOSING, ILLUSTRATING, Haiku, fold
from api.page import cut_page, next_link
from api.present import RequestView, answer_accepted
from api.present_haiku import HaikuPage, HaikuView, Linker, present_haiku
from api.provide import AnyStorage, Cut, Given, Learner, Once, Wait
from api.submit import Accepted, Desk
from api.text import clean_text
from core.contracts.haiku import Compose, Message
from core.contracts.ids import HaikuId, UserId, new_id
from core.contracts.job import Ask
from core.contracts.request import Submission
from core.db.artifacts import list_storage_keys
from core.db.haiku import HaikuRow, delete_haiku, find_haiku, has_open_job, insert_haiku, list_haikus, lock_haiku
from core.db.pool import Connection, Pool, connected
from core.db.requests import list_requests_for
from core.db.stop import stop_requests_for
from core.errors import Conflict, KeyReused, NotFound
from core.illustrations import illustrations
from core.settings import Settings

MESSAGE_MAX_CHARS = 1000
TURNS_REMEMBERED = 40
"""How much of a long conversation the poet is told: each turn carries it all again."""


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
    async with desk.transaction() as db:
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
    async with desk.transaction() as db:
        row = await _lock(db, haiku_id, learner.user_id)
        accepted = await desk.find_earlier(db, learner.user_id, once.key, once.hash(data))
        if accepted is None:
            await _refuse_while(db, haiku_id, COMPOSING, "The poet is still busy with the last message.")
            haiku = fold(row, await list_requests_for(db, [haiku_id], learner.user_id))
            ask = _turn(haiku, text, illustrate=data.illustrate)
            accepted = await desk.submit(db, _submission(learner, haiku_id, once, data, (ask,), text=text))
    return await _answer(desk, accepted, wait)


@post(
    "/api/haiku/{haiku_id:uuid}/illustrations",
    status_code=202,
    operation_id="illustrateHaiku",
    summary="Have the poem painted and spoken",
    tags=["haiku"],
    responses={200: DONE_IN_TIME},
    opt={"refuses": [Conflict, KeyReused]},
)
async def illustrate_haiku(
    haiku_id: FromPath[HaikuId], learner: Given[Learner], desk: Given[Desk], once: Given[Once], wait: Given[Wait]
) -> Response[RequestView]:
    nothing = NoBody()
    async with desk.transaction() as db:
        row = await _lock(db, haiku_id, learner.user_id)
        accepted = await desk.find_earlier(db, learner.user_id, once.key, once.hash(nothing))
        if accepted is None:
            await _refuse_while(db, haiku_id, COMPOSING + ILLUSTRATING, "This haiku is still being made.")
            haiku = fold(row, await list_requests_for(db, [haiku_id], learner.user_id))
            if haiku.draft is None:
                raise Conflict("There is no poem to illustrate yet.")
            asks = illustrations(haiku.draft.poem, _seed())
            accepted = await desk.submit(db, _submission(learner, haiku_id, once, nothing, asks))
    return await _answer(desk, accepted, wait)


@get("/api/haiku", operation_id="listHaiku", summary="List haiku, newest first", tags=["haiku"])
async def list_haiku(
    request: HttpRequest[Any, Any, Any],
    learner: Given[Learner],
    pool: Given[Pool],
    storage: Given[AnyStorage],
    settings: Given[Settings],
    cut: Given[Cut],
) -> Response[HaikuPage]:
    before = HaikuId(cut.cursor) if cut.cursor else None
    async with connected(pool) as db:
        rows, last = cut_page(await list_haikus(db, learner.user_id, cut.limit + 1, before), cut)
        views = await _views(db, rows, learner.user_id, storage, settings)
    cursor = str(last.id) if last else None
    return Response(HaikuPage(tuple(views), cursor), headers=next_link(request, cursor))


@get("/api/haiku/{haiku_id:uuid}", operation_id="getHaiku", summary="Read a haiku", tags=["haiku"])
async def get_haiku(
    haiku_id: FromPath[HaikuId], learner: Given[Learner], pool: Given[Pool], storage: Given[AnyStorage], settings: Given[Settings]
) -> HaikuView:
    async with connected(pool) as db:
        row = await find_haiku(db, haiku_id, learner.user_id)
        if row is None:
            raise NotFound("There is no such haiku.")
        return (await _views(db, [row], learner.user_id, storage, settings))[0]


@delete(
    "/api/haiku/{haiku_id:uuid}",
    operation_id="deleteHaiku",
    summary="Delete a haiku with its texts, pictures and recordings",
    tags=["haiku"],
)
async def remove_haiku(haiku_id: FromPath[HaikuId], learner: Given[Learner], desk: Given[Desk]) -> None:
    async with desk.transaction() as db:
        await _lock(db, haiku_id, learner.user_id)
        events = await stop_requests_for(db, haiku_id, learner.user_id)
        await delete_haiku(db, haiku_id, learner.user_id)
    await desk.tell(events)


haiku_routes: list[ControllerRouterHandler] = [
    compose_haiku,
    send_message,
    illustrate_haiku,
    list_haiku,
    get_haiku,
    remove_haiku,
]


async def _lock(db: Connection, haiku: HaikuId, owner: UserId) -> HaikuRow:
    row = await lock_haiku(db, haiku, owner)
    if row is None:
        raise NotFound("There is no such haiku.")
    return row


async def _refuse_while(db: Connection, haiku: HaikuId, kinds: list[str], reason: str) -> None:
    if await has_open_job(db, haiku, kinds):
        raise Conflict(reason)


async def _views(
    db: Connection, rows: Sequence[HaikuRow], owner: UserId, storage: AnyStorage, settings: Settings
) -> list[HaikuView]:
    requests = await list_requests_for(db, [row.id for row in rows], owner)
    haikus = [fold(row, [request for request in requests if request.resource_id == row.id]) for row in rows]
    keys = await list_storage_keys(db, [artifact for haiku in haikus for artifact in haiku.artifacts], owner)
    linker = Linker(storage, keys, timedelta(seconds=settings.link_seconds))
    return [present_haiku(haiku, linker) for haiku in haikus]


async def _answer(desk: Desk, accepted: Accepted, wait: Wait) -> Response[RequestView]:
    await desk.announce(accepted)
    request, waited_seconds = await wait.until_over(accepted.request)
    forecast = await desk.forecaster.foretell(request)
    return answer_accepted(request, forecast, replayed=not accepted.is_new, waited_seconds=waited_seconds)


def _turn(haiku: Haiku, text: str, *, illustrate: bool) -> Compose:
    conversation = (*haiku.conversation, Message("learner", text))[-TURNS_REMEMBERED:]
    return Compose(haiku.topic, conversation, haiku.draft.poem if haiku.draft else None, _seed(), illustrate)


def _submission(learner: Learner, haiku: HaikuId, once: Once, body: Struct, asks: tuple[Ask, ...], **said: str) -> Submission:
    return Submission(learner.user_id, "haiku", haiku, dict(said), asks, once.key, once.hash(body))


def _seed() -> int:
    return random.getrandbits(63)
