"""The stage: one picture's sheet, light and lines, and where things may stand."""

from msgspec import Struct

from workers.providers.local.painter.palette import Light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.trees import Fence


class Stage(Struct):
    """`turned` mirrors everything: the empty side is the left. Heights are shares of the sheet's."""

    sheet: Sheet
    view: View
    light: Light
    turned: bool
    roomy: bool
    """True when the poem stands inside: a third of the width is kept for it."""
    zone: tuple[float, float] = (0.05, 0.72)
    """Between which shares of the width things may stand."""
    horizon: float = 0.6
    front: float = 0.86
    middle: float = 0.68
    water: float = 0.8
    scale: float = 1.0

    @property
    def lean(self) -> int:
        return -1 if self.turned else 1

    @property
    def snowy(self) -> bool:
        return "snow" in self.view.weather

    def x(self, share: float) -> float:
        """In pixels, of a place that is `share` of the width away from the full side."""
        return self.sheet.width * (1 - share if self.turned else share)

    def y(self, share: float) -> float:
        return self.sheet.height * share

    def share(self, share: float) -> float:
        """Mirrored, but still a share of the width."""
        return 1 - share if self.turned else share

    @property
    def focus(self) -> float:
        return 0.37 if self.roomy else 0.48

    def spot(self, x: float, y: float, size: float) -> Spot:
        fence = Fence(self.x(0.71), self.lean) if self.roomy else None
        return Spot(self.x(x), self.y(y), size, self.lean, self.light, self.snowy, fence)
