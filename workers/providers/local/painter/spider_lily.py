"""The red spider lily: bare stems, and on each a wheel of petals that curl back under long stamens that curl up."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, dabs, moved, sweep
from workers.providers.local.painter.flowers import grass
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.spot import Spot

_RED = (0.82, 0.13, 0.10)
_STEMS = 6

_PETAL = ((0.0, 0.0), (0.55, 0.75), (1.0, 0.85), (1.18, 0.35))
_STAMEN = ((0.0, 0.0), (0.8, 0.55), (1.45, 0.75), (1.75, 1.35))
"""How far out and how far up a petal and a stamen go, in petals."""


def spider_lily(sheet: Sheet, spot: Spot) -> None:
    """A clump; it has no leaves while it flowers."""
    grass(sheet, Spot(spot.x, spot.y, 0.3 * spot.size, spot.lean, spot.light), colour=PIGMENTS["brown"], count=12)
    stems = _stems(sheet, spot)
    green = mixed(PIGMENTS["moss"], PIGMENTS["green"], 0.5)
    sweep(sheet, stems, Brush((0.25 + 0.014 * spot.size) * sheet.unit, green, 0.95, 0.1, 0.02, 0.02, 0.1, 0.8), opaque=True)
    _heads(sheet, stems[:, -1], 0.1 * spot.size * sheet.unit)


def _stems(sheet: Sheet, spot: Spot) -> Curves:
    chance, unit = sheet.chance, sheet.unit
    foot = spot.x + (np.linspace(-0.34, 0.34, _STEMS) + chance.normal(0, 0.07, _STEMS)) * spot.size * unit
    high = spot.size * unit * chance.uniform(0.45, 1.0, _STEMS)
    bow = (chance.normal(0.03 * spot.lean, 0.06, _STEMS) * high)[:, None]
    up, y = np.array([0.0, 0.5, 1.0]), spot.y + chance.normal(0, 0.4, _STEMS) * unit
    return np.stack([foot[:, None] + bow * up**2, y[:, None] - high[:, None] * up], axis=2)


def _heads(sheet: Sheet, tops: Curves, size: float) -> None:
    petals, stamens = _wheels(sheet, tops, size, _PETAL, 15), _wheels(sheet, tops, size, _STAMEN, 13)
    sweep(sheet, petals, Brush(0.3 * size, _RED, 0.95, 0.05, 0.25, 0.5, 0.1), opaque=True)
    sweep(sheet, moved(petals, 0, -0.05 * size), Brush(0.1 * size, mixed(_RED, WHITE, 0.35), 0.8, 0.2, 0.3, 0.6), opaque=True)
    sweep(sheet, stamens, Brush(0.07 * size, _RED, 0.95, 0.05, 0.1, 0.1), opaque=True)
    anthers = dabs(stamens[:, -1], 0.14 * size, 0.0)
    sweep(sheet, anthers, Brush(0.15 * size, mixed(_RED, PIGMENTS["ochre"], 0.5), 0.95), opaque=True)


def _wheels(sheet: Sheet, tops: Curves, size: float, shape: tuple[tuple[float, float], ...], count: int) -> Curves:
    """The same curve all round each top, seen a little from the side: those at its front and back are short."""
    chance, each = sheet.chance, (len(tops), count)
    aside = np.sin((np.linspace(-1, 1, count) + chance.normal(0, 0.06, each)) * np.pi / 2 * 1.05)
    steep = 0.75 + 0.5 * (1 - aside**2)
    out, up = np.array(shape).T
    long = size * chance.uniform(0.8, 1.15, (len(tops), 1, 1)) * chance.uniform(0.85, 1.12, (*each, 1))
    x, y = aside[..., None] * out * long, -steep[..., None] * up * long
    return np.stack([tops[:, 0, None, None] + x, tops[:, 1, None, None] + y], axis=3).reshape(-1, len(shape), 2)
