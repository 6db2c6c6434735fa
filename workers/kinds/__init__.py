"""The list of every kind: one small function each. A job row's kind finds it here, the street never names it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

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

Kind = Callable[[Any, Any, JobContext], Awaitable[Done]]
"""Takes its own ask, the tools of its ask's queue, and what it may tell while it works."""

_KINDS: Mapping[type[Ask], Kind] = {Compose: compose, Describe: scenes, Paint: paint, Say: say, Check: check}

KINDS: Mapping[str, Kind] = {ask.kind: kind for ask, kind in _KINDS.items()}
