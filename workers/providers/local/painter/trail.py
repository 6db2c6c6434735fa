"""How a path runs: found on the ground, at its own breadth everywhere, and then seen from where the viewer stands."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Curves, Floats, moved
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Sheet

_BOTTOM = 1.06
"""Where it enters, below the picture's edge, a share of the height."""

_POINTS = 80

_LONG = 0.62
"""How long a stretch of flat land is that ends twice as far off as it begins, in widths of the picture there."""

_BENDS = 3.1
"""How fast it winds: a bend for every time it is about two and a half times as far off."""

Seen = Callable[[Floats, Floats], Floats]
"""From ground to picture: sideways and away, to (x, y) in shares."""


class Trail(Struct, frozen=True):
    """Its middle on the ground, half its breadth there, what is never less of it when seen, and how the ground is seen."""

    sideways: Floats
    away: Floats
    half: float
    least: float
    seen: Seen

    def edges(self, sheet: Sheet) -> Curves:
        """Its left and its right edge in pixels, the near end first; where it runs from side to side it looks thin."""
        along = np.stack([np.gradient(self.sideways), np.gradient(self.away)])
        across = np.stack([along[1], -along[0]]) / np.linalg.norm(along, axis=0)
        sides = []
        for side in (-self.half, self.half):
            edge = self.seen(self.sideways + side * across[0], self.away + side * across[1])
            sides.append(moved(edge, float(np.sign(side)) * self.least, 0.0))
        return np.stack(sides) * (sheet.width, sheet.height)


def winding(
    end: tuple[float, float], place: tuple[float, float], swing: float, half: float, *, least: float = 0.0, furthest: float = 60.0
) -> Trail:
    """Over flat land from below the picture to `end` by way of `place`, both (x, y) in shares.

    `swing` is how far it winds to either side and `half` half its breadth, both at the lower edge.
    """
    vanish, top = end
    away = np.geomspace(1, furthest, _POINTS)
    at = (_BOTTOM - top) / (place[1] - top)
    start = (place[0] - vanish - float(_bend(np.array(at), swing))) * at
    return _level(end, vanish + start / away + _bend(away, swing), away, half, least)


def parting(end: tuple[float, float], place: tuple[float, float], half: float) -> Trail:
    """One of several ways that are one from the viewer as far as `place` and end apart from each other; as for `winding`."""
    away = np.geomspace(1, 60.0, _POINTS)
    beyond = np.clip(1 - (_BOTTOM - end[1]) / (place[1] - end[1]) / away, 0, None)
    x = place[0] + (end[0] - place[0]) * beyond**1.25 + 0.05 * np.clip(1 / away - 0.5, 0, None)
    return _level((place[0], end[1]), x, away, half, 0.0012)


def _level(eye: tuple[float, float], x: Floats, away: Floats, half: float, least: float) -> Trail:
    """Flat land that ends at the height of `eye`; `x` is where the way is seen, `away` how far, 1 at the lower edge."""

    def seen(sideways: Floats, far: Floats) -> Floats:
        distance = np.maximum(far / _LONG, 0.5)
        return np.stack([eye[0] + sideways / distance, eye[1] + (_BOTTOM - eye[1]) / distance], axis=1)

    return Trail((x - eye[0]) * away, away * _LONG, half, least, seen)


def _bend(away: Floats, swing: float) -> Floats:
    """Far off it runs straight: bends there would lie in creases."""
    far = np.log(away)
    return np.asarray(swing * np.sin(_BENDS * far) * np.exp(-((far / 2.7) ** 4)) / away**0.8)


_STEEP = 1.5
"""How much a round hill turns away from the eye towards its crest."""

_SHRUNK = 0.2
"""How large what stands on the crest is seen, beside what stands at the lower edge."""


def climbing(
    line: Plane, end: float, place: tuple[float, float], half: float, *, swing: float = 0.045, foot: float = _BOTTOM
) -> Trail:
    """Up a round hill whose outline is `line`, shares of the height, from `foot` on and over it at `end`, a share of the width.

    The last of it runs on to that side, so that it is lost along the crest and does not stop at it.
    """
    near = np.linspace(1, 0, _POINTS) ** 1.4
    places = np.linspace(0, 1, len(line))

    def height(x: Floats, how_near: Floats) -> Floats:
        crest = np.interp(x, places, line)
        return np.asarray(crest + (foot - crest) * np.clip(how_near, 0, None) ** _STEEP)

    crest = float(np.interp(place[0], places, line))
    at = ((place[1] - crest) / (foot - crest)) ** (1 / _STEEP)
    x = end + (place[0] - end) * (near / at) ** 0.45 + np.sign(end - place[0]) * swing * np.sin(2 * np.pi * near / at)

    def seen(sideways: Floats, far: Floats) -> Floats:
        how_near = 1 - far / _HILL
        seen_x = end + sideways * (_SHRUNK + (1 - _SHRUNK) * np.clip(how_near, 0, None))
        return np.stack([seen_x, height(seen_x, how_near)], axis=1)

    large = _SHRUNK + (1 - _SHRUNK) * near
    return Trail(np.asarray((x - end) / large), (1 - near) * _HILL, half, 0.0, seen)


_HILL = 1.3
"""From the lower edge to the crest, in widths of the picture at the lower edge."""
