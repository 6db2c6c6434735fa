"""What one sees who stands in a street: metres along it, up from it and out into it, as places on the sheet."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Curves
from workers.providers.local.painter.sheet import Sheet

_MARGIN = 3.0
"""How far over the sheet's edge ink still runs, in units."""


class Lane(Struct, frozen=True):
    """A straight street of houses: where it vanishes and how large a metre is a metre away, in pixels; the rest in metres."""

    x: float
    y: float
    metre: float
    eye: float
    half: float
    """From its middle to the houses."""

    def at(self, side: int, away: float, up: float = 0.0, out: float = 0.0) -> tuple[float, float]:
        """A place at the houses of one `side` (-1 is the left), `out` from them into the street; in pixels."""
        scale = self.metre / away
        return self.x + side * (self.half - out) * scale, self.y + (self.eye - up) * scale

    def band(self, side: int, aways: tuple[float, float], low: tuple[float, float], high: tuple[float, float]) -> Curves:
        """A face between two lines along the street, each an (up, out): its near lower corner first, the far lower one last."""
        (near, far), (up, out), (up2, out2) = aways, low, high
        return np.array(
            [
                self.at(side, near, up, out),
                self.at(side, near, up2, out2),
                self.at(side, far, up2, out2),
                self.at(side, far, up, out),
            ]
        )


def cut(sheet: Sheet, corners: Curves) -> Curves:
    """A face without what lies outside the sheet, where no ink is needed; corners in pixels, perhaps none."""
    for axis, size in ((0, sheet.width), (1, sheet.height)):
        for sign, edge in ((1, -_MARGIN * sheet.unit), (-1, -size - _MARGIN * sheet.unit)):
            inside = sign * corners[:, axis] - edge
            corners = corners if (inside >= 0).all() else _beyond(corners, inside)
    return corners


def _beyond(corners: Curves, inside: Curves) -> Curves:
    """The part of a face where `inside`, given at its corners, is positive."""
    kept = []
    for here, there, a, b in zip(corners, np.roll(corners, -1, axis=0), inside, np.roll(inside, -1), strict=True):
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            kept.append(here + (there - here) * a / (a - b))
    return np.array(kept).reshape(-1, 2)


def shortened(sheet: Sheet, strokes: Curves) -> Curves:
    """Straight strokes of two points without what lies outside the sheet; those that are nowhere on it are dropped."""
    start, way = strokes[:, 0], strokes[:, 1] - strokes[:, 0]
    way = np.where(np.abs(way) < 1e-6, 1e-6, way)
    edge = _MARGIN * sheet.unit
    ends = np.stack([(-edge - start) / way, (np.array((sheet.width, sheet.height)) + edge - start) / way])
    first, last = ends.min(axis=0).max(axis=1).clip(0, 1), ends.max(axis=0).min(axis=1).clip(0, 1)
    seen = last > first
    return np.asarray(np.stack([start + way * first[:, None], start + way * last[:, None]], axis=1)[seen])
