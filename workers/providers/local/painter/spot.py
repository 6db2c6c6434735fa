"""A place where something grows."""

from collections.abc import Callable

from msgspec import Struct

from workers.providers.local.painter.palette import Light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.trees import Clearing, Fence


class Spot(Struct, frozen=True):
    """Where something grows: its root in pixels, its size in units, which way it leans (-1 left, 1 right), and on what day."""

    x: float
    y: float
    size: float
    lean: int
    light: Light
    snowy: bool = False
    fence: Fence | None = None
    stout: float = 1.0
    """How thick its trunk is beside others of its size: an old tree's is thicker."""
    clear: tuple[Clearing, ...] = ()
    """Where no bough of it may be: before what stands there."""


Plant = Callable[[Sheet, Spot], None]
