"""How a path or a river runs over flat land: winding, and foreshortened the more the further off."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Curves, Floats
from workers.providers.local.painter.sheet import Sheet

_BOTTOM = 1.06
"""Where it enters, below the picture's edge, a share of the height; its distance there is 1."""

_LAST_BEND = 2 * np.pi / 1.15
"""Beyond it a course runs straight: bends so far off would lie in creases."""


class Course(Struct, frozen=True):
    """From the lower edge to the point `vanish` on the horizon at `top`; all in shares of width and height.

    `start` is where it would enter if it did not wind, `swing` how far it winds to either side.
    """

    top: float
    vanish: float
    start: float
    swing: float

    def centre(self, distance: Floats) -> tuple[Floats, Floats]:
        """Its middle at distances from 1 on."""
        bend = self.swing * np.sin(1.15 * np.minimum(distance - 1, _LAST_BEND))
        x = self.vanish + (self.start - self.vanish + bend) / distance
        return np.asarray(x), np.asarray(self.top + (_BOTTOM - self.top) / distance)

    def edges(self, sheet: Sheet, half: float, furthest: float = 13.0, least: float = 0.0) -> Curves:
        """Its left and its right edge, in pixels; `half` is half its width at the lower edge, `least` what is never less; shares
        of the width."""
        distance = np.geomspace(1, furthest, 44)
        x, y = self.centre(distance)
        reach = least + half / distance
        return np.stack([np.stack([(x + side * reach) * sheet.width, y * sheet.height], axis=1) for side in (-1, 1)])


def through(top: float, vanish: float, place: tuple[float, float], swing: float) -> Course:
    """The course whose middle passes `place`, shares of width and height."""
    distance = (_BOTTOM - top) / (place[1] - top)
    start = vanish + (place[0] - vanish) * distance - swing * np.sin(1.15 * (distance - 1))
    return Course(top, vanish, float(start), swing)
