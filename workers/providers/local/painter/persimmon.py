"""Persimmons: squat fruit that hang by short stalks below the twigs of a tree with few leaves left."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, smooth, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import disc, shape

_MOST = 22

_RIPE: tuple[Colour, ...] = ((0.93, 0.52, 0.16), (0.91, 0.43, 0.13), (0.88, 0.35, 0.13))

_OUTLINE = ((0.0, -0.72), (0.5, -0.78), (0.93, -0.4), (0.97, 0.15), (0.62, 0.68), (0.0, 0.85))
"""The right half of a fruit from its dented top to its foot, in shares of its half width."""


def fruits(sheet: Sheet, limbs: list[trees.Limb], half: float) -> trees.Spots:
    """Where each fruit is, and how wide: its middle and its half width by (x, y, half), in pixels.

    None touches another, wood that is stouter than a twig, or the picture's edge.
    """
    stout = np.concatenate([smooth(limb.points[None], 60)[0] for limb in limbs if limb.order < 2])
    thick = np.concatenate([np.full(60, 0.3 * limb.width) for limb in limbs if limb.order < 2])
    kept: list[tuple[float, float, float]] = []
    twigs = sheet.chance.permutation(_hangers([limb for limb in limbs if limb.order >= 1]))
    for (x, y), wide in zip(twigs, half * sheet.chance.uniform(0.78, 1.15, len(twigs)), strict=True):
        middle = (float(x), float(y + 1.25 * wide))
        free = (np.hypot(*(stout - middle).T) - thick).min() > 1.1 * wide
        apart = all(np.hypot(a - middle[0], b - middle[1]) > 1.05 * (other + wide) for a, b, other in kept)
        if free and apart and _whole(sheet, middle, wide) and len(kept) < _MOST:
            kept.append((*middle, float(wide)))
    return np.array(kept).reshape(-1, 3)


def _hangers(limbs: list[trees.Limb]) -> trees.Spots:
    """Where fruit may hang: along the outer wood where it runs level or down; from an upright tip it would stand on it."""
    found = []
    for limb in limbs:
        line = smooth(limb.points[None], 24)[0]
        across, down = np.abs(np.gradient(line[:, 0])), np.gradient(line[:, 1])
        out = np.linspace(limb.order, 4, 24) >= 2
        found.append(line[out & (down > -1.1 * across)][:-1:3])
    return np.concatenate(found)


def _whole(sheet: Sheet, middle: tuple[float, float], wide: float) -> bool:
    """Whether the frame cuts nothing of it."""
    edge = 1.2 * wide + 2.5 * sheet.unit
    return edge < middle[0] < sheet.width - edge and edge < middle[1] < sheet.height - edge


def hang(sheet: Sheet, hung: trees.Spots) -> None:
    """Every fruit under its stalk, the lowest in front."""
    for x, y, half in hung[np.argsort(hung[:, 1])]:
        stalk = np.array([[(x, y - 1.3 * half), (x + 0.06 * half, y - 0.95 * half), (x, y - 0.6 * half)]])
        sweep(sheet, stalk, Brush(max(0.2 * half, 0.4 * sheet.unit), INK, 0.95, 0.1, 0.0, 0.0))
        _fruit(sheet, float(x), float(y), float(half))


def _fruit(sheet: Sheet, x: float, y: float, half: float) -> None:
    """Pale where the light falls, rust on the side that is turned from it."""
    right = [(x + across * half, y + down * half) for across, down in _OUTLINE]
    body = shape(right + [(2 * x - a, b) for a, b in right[-2:0:-1]], soft=0.06 * sheet.unit)
    ripe = _RIPE[int(sheet.chance.integers(3))]
    sheet.cover(body, mixed(ripe, PIGMENTS["gold"], 0.25))
    rows, columns = np.ogrid[: body.mask.shape[0], : body.mask.shape[1]]
    away = np.hypot(columns + body.x - (x - 0.4 * half), rows + body.y - (y - 0.3 * half)) / half
    shade = body.mask * np.clip(0.75 * away - 0.25, 0, 1)
    sheet.wash(body._replace(mask=shade.astype(np.float32)), (0.80, 0.30, 0.16), 0.9)
    sheet.wash(body._replace(mask=(body.mask * np.clip(away - 0.95, 0, 1)).astype(np.float32)), PIGMENTS["rust"], 0.9)
    sheet.cover(disc(x - 0.4 * half, y - 0.22 * half, 0.16 * half, 0.3 * half), PIGMENTS["paper"], 0.45)
    _calyx(sheet, x, y - 0.66 * half, half)


def _calyx(sheet: Sheet, x: float, y: float, half: float) -> None:
    """Four leaves pressed flat on the fruit's top, seen from the side."""
    angles = np.array([[0.12, 0.85, 2.2, 3.02]]) + sheet.chance.normal(0, 0.12, (1, 4))
    leaves = trees.rays(np.array([[x, y]]), angles, 0.0, half * np.array([[0.62, 0.42, 0.45, 0.6]]))
    for colour in (PIGMENTS["moss"], (0.33, 0.38, 0.20)):
        sweep(sheet, leaves, Brush(0.36 * half, colour, 1.0, 0.0, 0.3, 0.5), opaque=True)
