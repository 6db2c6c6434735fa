"""The stage: one picture's sheet, light and lines, and where things may stand."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.palette import Light
from workers.providers.local.painter.ranges import SWELL, Country
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.shots import Shot
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.sky import Stars
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.together import FLYING
from workers.providers.local.painter.trees import Fence

_THAW = frozenset({"melt", "melts", "melting", "thaw", "thaws"})

_AGED = frozenset({"aged", "old", "ancient"})


class Stage(Struct):
    """`turned` mirrors everything: the empty side is the left. Heights are shares of the sheet's."""

    sheet: Sheet
    view: View
    light: Light
    shot: Shot
    turned: bool
    roomy: bool
    """True when the poem stands inside: a part of the width is kept for it."""
    round: bool = False
    """True in a round window, which shows nothing of the corners."""
    zone: tuple[float, float] = (0.05, 0.78)
    """Between which shares of the width things may stand."""
    horizon: float = 0.6
    front: float = 0.86
    middle: float = 0.68
    water: float = 0.8
    closeness: float = 0.0
    """How near things in a room are seen, 1 from where one sits before them; 0 out of doors."""
    white: bool = False
    """True where snow lies though none falls."""
    on_rock: bool = False
    """True where what is far stands on a shore that is already painted."""
    country: Country = SWELL
    relief: float = 1.0
    """How high the hills behind are, of what they may be."""
    far_stands: bool = False
    """True when the setting has already put what is far where it belongs: at the water's edge, it hangs in the water."""
    stars: Stars | None = None
    """Those of the sky, until what is behind has put out the ones its crests would cut."""
    afloat: bool = False
    """True when the setting has already put what floats on its water, before the bank that hides the water."""
    open_water: float = 0.0
    """Where water begins that no tongue of the far shore lies in."""
    stream: Tile | None = None
    """Where a river runs: nothing takes root there."""

    trodden: Plane | None = None
    """Where feet have gone and nothing grows, 1 for each such pixel; None where there is no way."""

    skyline: Plane | None = None
    """How high the ranges behind reach, a row for each column, in pixels; None while there are none."""

    flock: bool = False
    """True while the sky is still to be given its far birds."""

    @property
    def lean(self) -> int:
        return -1 if self.turned else 1

    @property
    def snowy(self) -> bool:
        return "snow" in self.view.weather or self.white

    @property
    def thawing(self) -> bool:
        """Snow that lies and goes: none falls."""
        return bool(self.view.words & _THAW)

    @property
    def lamplit(self) -> bool:
        return self.view.hour in ("night", "dusk", "dawn")

    def rise(self, height: float) -> float:
        """Mountains stay below what the sky is looked at for."""
        if "great_peak" in self.view.sky:
            return height * 0.32
        if "fireworks" in self.view.sky:
            return height * (0.25 if "edge" in self.view.words else 0.5)
        if self.sinking:
            return height * 0.32
        if FLYING.intersection(self.view.things):
            height *= 0.8
        return height * self.relief * (0.72 if self.view.sky - {"clouds"} or self.view.hour == "night" else 1.0)

    @property
    def sinking(self) -> bool:
        """A low sun goes down behind roofs."""
        return "sun" in self.view.sky and "roofs" in self.view.words and self.view.hour in ("dawn", "dusk")

    def lines(self, horizon: float, middle: float, front: float) -> tuple[float, float, float]:
        """Sets the three heights, moved with the shot, and answers them."""
        self.horizon, self.middle, self.front = horizon + self.shot.lower, middle + self.shot.lower * 0.7, front
        return self.horizon, self.middle, self.front

    def x(self, share: float) -> float:
        """In pixels, of a place that is `share` of the width away from the full side."""
        return self.sheet.width * (1 - share if self.turned else share)

    def y(self, share: float) -> float:
        return self.sheet.height * share

    def share(self, share: float) -> float:
        """Mirrored, but still a share of the width."""
        return 1 - share if self.turned else share

    def in_stream(self, x: float, y: float) -> bool:
        """Whether the place, in pixels, is in the river; below the picture it is wherever the picture's lowest row is."""
        if self.stream is None:
            return False
        left, top, mask = self.stream
        column, row = int(x) - left, min(int(y), self.sheet.height - 1) - top
        return bool(0 <= column < mask.shape[1] and 0 <= row < mask.shape[0] and mask[row, column] > 0.2)

    @property
    def focus(self) -> float:
        return self.shot.focus[0 if self.roomy else 1]

    @property
    def indoors(self) -> bool:
        return self.closeness > 0

    @property
    def stands(self) -> float:
        """Where the nearest thing stands, a share of the width from the full side: beside a tree, or beneath it."""
        if not self.view.plants or self.indoors:
            return self.focus
        return self.focus + (-0.08 if self.view.words & {"beneath", "under"} else 0.13)

    def rises(self, line: Plane) -> None:
        """A range is laid whose outline is `line`, in pixels."""
        self.skyline = line if self.skyline is None else np.minimum(self.skyline, line)

    def tread(self, way: Tile) -> None:
        """Nothing grows where it runs, from here on."""
        if self.trodden is None:
            self.trodden = np.zeros((self.sheet.height, self.sheet.width), dtype=np.float32)
        rows, columns, mask = self.sheet.inside(way)
        self.trodden[rows, columns] = np.maximum(self.trodden[rows, columns], mask)

    @property
    def along_a_way(self) -> bool:
        """Whether the way is what the picture is about, and not what leads to a door."""
        return self.trodden is not None and self.view.setting == "path"

    def treads(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a way lies anywhere in such a part of the picture, in pixels."""
        if self.trodden is None:
            return False
        return bool(self.trodden[max(0, int(top)) : max(0, int(bottom) + 1), max(0, int(left)) : max(0, int(right) + 1)].any())

    def spot(self, x: float, y: float, size: float) -> Spot:
        fence = Fence(self.x(0.8), self.lean) if self.roomy else None
        return Spot(self.x(x), self.y(y), size, self.lean, self.light, self.snowy, fence, 1.7 if self.view.words & _AGED else 1.0)
