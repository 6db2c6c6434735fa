"""How many requests a learner may make: one more before each, except for polls that turn out to tell nothing new."""

from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from api.access import Learner, is_open
from core.contracts.ids import UserId
from core.errors import Quota, TooMany
from core.limits import Limits

_OWED = "kotonoha.owed_by"


async def limit_requests(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard on every route, after the one that says who asks. Raises TooMany."""
    if is_open(str(connection.scope["path_template"])):
        return
    learner: Learner = connection.scope["user"]
    limits, quota = _parts(connection.app)
    if connection.scope.get("method") == "GET" and "if-none-match" in connection.headers:
        await limits.check(quota, learner.user_id)
        connection.scope["state"][_OWED] = learner.user_id
    else:
        await limits.take(quota, learner.user_id)


async def charge_for_news(message: Message, scope: Scope) -> None:
    """A conditional poll counts once it is known that something had changed. Those under way at the end of a quota all pass."""
    if message["type"] != "http.response.start":
        return
    owed: UserId | None = scope.get("state", {}).pop(_OWED, None)
    if owed is None or message["status"] == 304:
        return
    limits, quota = _parts(scope["litestar_app"])
    try:
        await limits.take(quota, owed)
    except TooMany:
        # Answered already; the next one is not.
        return


def _parts(app: Litestar) -> tuple[Limits, Quota]:
    return app.state.limits, app.state.settings.requests
