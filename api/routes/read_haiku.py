"""Haiku: read one or all of them, delete one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import Request as HttpRequest
from litestar import Response, delete, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from api.fold_haiku import ILLUSTRATING, fold
from api.page import answer_page, cut_page
from api.present_haiku import HaikuPage, HaikuView, Linker, present_haiku
from api.provide import AnyStorage, Cut, Given, Learner
from api.submit import Desk
from core.contracts.ids import HaikuId, UserId
from core.db.admission import wait_to_ask
from core.db.artifacts import list_storage_keys
from core.db.haiku import HaikuRow, delete_haiku, find_haiku, list_haikus, lock_haiku
from core.db.pool import Connection, Pool, connected
from core.db.requests import list_requests_for
from core.db.stop import stop_requests_for
from core.errors import NotFound
from core.settings import Settings


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
        rows, after = cut_page(await list_haikus(db, learner.user_id, cut.limit + 1, before), cut)
        views = await _views(db, rows, learner.user_id, storage, settings)
    return answer_page(HaikuPage, request, views, after)


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
    async with desk.transaction(learner.user_id) as db:
        if await lock_haiku(db, haiku_id, learner.user_id) is None:
            raise NotFound("There is no such haiku.")
        # A retry that is being written would not be seen, and would come back to what is deleted.
        await wait_to_ask(db, learner.user_id)
        events = await stop_requests_for(db, haiku_id, learner.user_id)
        await delete_haiku(db, haiku_id, learner.user_id)
    await desk.tell(events)


read_haiku_routes: list[ControllerRouterHandler] = [list_haiku, get_haiku, remove_haiku]


async def _views(
    db: Connection, rows: Sequence[HaikuRow], owner: UserId, storage: AnyStorage, settings: Settings
) -> list[HaikuView]:
    requests = await list_requests_for(db, [row.id for row in rows], owner, ILLUSTRATING)
    haikus = [fold(row, [request for request in requests if request.resource_id == row.id]) for row in rows]
    keys = await list_storage_keys(db, [artifact for haiku in haikus for artifact in haiku.artifacts], owner)
    linker = await Linker.sign(storage, keys, timedelta(seconds=settings.link_seconds))
    return [present_haiku(haiku, linker) for haiku in haikus]
