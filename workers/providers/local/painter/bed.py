"""How a river lies in its valley: wide bends near the eye, narrower ones behind them, until it is a thread of light."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Curves, Floats
from workers.providers.local.painter.sheet import Sheet

_BOTTOM = 1.06
"""Where it leaves, below the picture's edge, a share of the height; its distance there is 1."""

_TURNS = 2.6
"""How soon it bends back: the further off a bend is, the longer it is, or the last ones would lie in creases."""

_DEPTH = 1.5
"""A distance of 1 on the ground, in widths of the picture where the river leaves it: seen from a low hill."""


class Bed(Struct, frozen=True):
    """From the point `vanish` on the horizon at `top` to the lower edge; all in shares of width and height.

    `start` is where it would leave if it did not wind, `swing` how far it winds to either side.
    """

    top: float
    vanish: float
    start: float
    swing: float

    def centre(self, distance: Floats) -> tuple[Floats, Floats]:
        """Its middle at distances from 1 on."""
        sway = self.swing * np.sin(_TURNS * np.log(distance)) / distance**0.62
        x = self.vanish + (self.start - self.vanish) / distance + sway
        return np.asarray(x), np.asarray(self.top + (_BOTTOM - self.top) / distance)

    def edges(self, sheet: Sheet, half: float, furthest: float = 40.0) -> Curves:
        """Its left and its right bank, in pixels; `half` is half its width on the ground, in shares of the picture's width.

        Laid out on the ground and then seen from the eye, it is as wide where it runs across the picture as where it runs away.
        """
        distance = np.geomspace(1, furthest, 60)
        across = (self.centre(distance)[0] - self.vanish) * distance
        slope = np.gradient(across, _DEPTH * distance)
        out = half / np.hypot(1, slope)
        return np.stack([self._seen(sheet, across + side * out, distance - side * out * slope / _DEPTH) for side in (-1, 1)])

    def _seen(self, sheet: Sheet, across: Floats, distance: Floats) -> Floats:
        x, y = self.vanish + across / distance, self.top + (_BOTTOM - self.top) / distance
        return np.stack([x * sheet.width, y * sheet.height], axis=1)

    def reach(self, sheet: Sheet, half: float, row: float) -> tuple[float, float]:
        """Between which columns it is water at `row`, in pixels."""
        left, right = (float(np.interp(-row, -bank[:, 1], bank[:, 0])) for bank in self.edges(sheet, half))
        return left, right
