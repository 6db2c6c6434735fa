"""A picture: one scene painted once."""

from typing import ClassVar

from msgspec import Struct

from core.contracts.haiku import Scene, Season
from core.contracts.job import Ask, Queue


class Paint(Ask, frozen=True):
    """Paint one scene. `calligraphy` is text a painter with a brush may write into the picture; the others ignore it."""

    kind: ClassVar[str] = "image.paint"
    queue: ClassVar[Queue] = "image"

    scene: Scene
    season: Season
    calligraphy: tuple[str, ...]
    seed: int
    width: int = 768
    height: int = 768


class Picture(Struct, frozen=True):
    """What was painted; the bytes are the job's artifact."""

    number: int
    width: int
    height: int
    alt: str
    alt_japanese: str
    painted_by: str
