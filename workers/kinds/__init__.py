"""The list of every kind: one small function each, and whom it asks. A job row's kind finds it here, the street names none."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from core.contracts.haiku import Compose, Describe
from core.contracts.image import Paint
from core.contracts.job import Ask, Done
from core.contracts.speech import Say
from core.contracts.upload import Check
from workers.context import JobContext
from workers.kinds.haiku import compose, scenes
from workers.kinds.image import paint
from workers.kinds.speech import say
from workers.kinds.upload import check


class Kind(NamedTuple):
    """`do` takes its own ask, the tools of its ask's queue, and what it may tell while it works. `tool` is the one of these it
    asks, by its name there, and pays."""

    do: Callable[[Any, Any, JobContext], Awaitable[Done]]
    tool: str
    makes_file: bool = False


_KINDS: Mapping[type[Ask], Kind] = {
    Compose: Kind(compose, "poet"),
    Describe: Kind(scenes, "poet"),
    Paint: Kind(paint, "painter", makes_file=True),
    Say: Kind(say, "voice", makes_file=True),
    Check: Kind(check, "inspector", makes_file=True),
}

KINDS: Mapping[str, Kind] = {ask.kind: kind for ask, kind in _KINDS.items()}
