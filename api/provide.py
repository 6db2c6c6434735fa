"""What a route may ask for by name: made in app.py, typed by the route that asks."""

from collections.abc import Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import SkipValidation

from api.access import Learner
from api.created import read_created
from api.idempotency import Once, read_once
from api.page import Cut, read_cut
from api.wait import Wait, read_wait
from core.storage import Storage

PARTS = (
    *("settings", "products", "pool", "story", "seats", "stream_seats", "storage", "access", "desk", "forecaster", "limits"),
    *("ping", "stopping"),
)

AnyStorage = SkipValidation[Storage]
"""A protocol cannot be checked at run time, so Litestar is told not to try."""

__all__ = ["AnyStorage", "Cut", "Given", "Learner", "Once", "Wait", "provide_parts"]


def provide_parts(state: State) -> dict[str, Provide]:
    """Every part under its own name, and what is read from each request: `learner`, `once` (Idempotency-Key), `wait`
    (Prefer), `cut` (paging), `created` (a time)."""
    parts = {name: Provide(_giving(state[name]), sync_to_thread=False) for name in PARTS}
    return parts | {
        # The same, to the routes that are there only where files lie in a folder.
        "files": Provide(_giving(state["storage"]), sync_to_thread=False),
        "learner": Provide(read_learner, sync_to_thread=False),
        "once": Provide(read_once),
        "wait": Provide(read_wait, sync_to_thread=False),
        "cut": Provide(read_cut, sync_to_thread=False),
        "created": Provide(read_created, sync_to_thread=False),
    }


def read_learner(request: ASGIConnection[Any, Any, Any, Any]) -> Learner:
    """Who asks; the guard has already let them in."""
    learner: Learner = request.scope["user"]
    return learner


def _giving(part: Any) -> Callable[[], Any]:
    def give() -> Any:
        return part

    return give
