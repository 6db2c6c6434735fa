"""A wave at the moment it curls over: a steep back, a hollow face, a white lip with spray flying from it."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Floats, smooth, sweep
from workers.providers.local.painter.palette import WHITE, mixed
from workers.providers.local.painter.sheet import Colour
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import disc, pooled, shape

_BLUE: Colour = (0.42, 0.53, 0.62)

_BACK = ((-2.6, -0.06), (-1.7, 0.1), (-1.0, 0.42), (-0.45, 0.86), (0.1, 1.1), (0.6, 1.02), (0.92, 0.74), (0.95, 0.48))
"""From the foot of its back over the crest to the tip of its lip, in heights of the wave."""

_FACE = ((0.74, 0.66), (0.42, 0.74), (0.14, 0.6), (0.06, 0.32), (0.24, 0.1), (0.8, 0.0), (1.9, -0.06))
"""From the tip back under the lip and down the hollow to the foot before it."""


def breaker(stage: Stage, x: float, foot: float, high: float) -> None:
    """One wave `high` pixels high whose foot is at (x, foot), curling away from the full side."""
    sheet = stage.sheet
    back, face = (_at(stage, line, x, foot, high) for line in (_BACK, _FACE))
    outline = [(float(a), float(b)) for a, b in np.concatenate([back, face])]
    body = shape(outline, straight=True, soft=0.2 * sheet.unit)
    # Its foot is lost in the swell it rises from.
    rising = np.clip((len(body.mask) - np.arange(len(body.mask), dtype=np.float32)) / (0.22 * high), 0, 1)
    body = body._replace(mask=body.mask * rising[:, None])
    blue = mixed(_BLUE, stage.light.dark_ink, 0.5)
    sheet.cover(body, mixed(sheet.paper, blue, 0.35))
    sheet.wash(pooled(sheet, sheet.granulate(body, 0.9), 0.4, 1.5 * sheet.unit), blue, 0.85)
    _ribs(stage, back, face, high)
    _lip(stage, back, face, high)


def _at(stage: Stage, line: tuple[tuple[float, float], ...], x: float, foot: float, high: float) -> Floats:
    points = np.array([line]) * high * (stage.lean, -1) + (x, foot)
    return np.asarray(smooth(points, 40)[0])


def _ribs(stage: Stage, back: Floats, face: Floats, high: float) -> None:
    """Lines that run up its hollow as the water does."""
    shares = np.linspace(0.15, 0.85, 7)[:, None, None]
    ribs = back[8:34][None] * (1 - shares) + face[::-1][8:34][None] * shares
    sweep(stage.sheet, ribs, Brush(0.025 * high, stage.light.dark_ink, 0.7, 0.5, 0.3, 0.3, 0.5), 1.0, 0.6)
    sweep(stage.sheet, ribs[::2] + 0.03 * high, Brush(0.02 * high, WHITE, 0.6, 0.6, 0.3, 0.3, 0.5), opaque=True)


def _lip(stage: Stage, back: Floats, face: Floats, high: float) -> None:
    """Foam along the crest and about the tip, spray before it, torn white at its foot."""
    sheet, chance = stage.sheet, stage.sheet.chance
    crest = back[16:]
    for width, aside in ((0.13, 0.0), (0.08, 0.05), (0.06, -0.05)):
        sweep(sheet, crest[None] + aside * high, Brush(width * high, WHITE, 0.97, 0.3, 0.4, 0.2, 0.9), opaque=True)
    spots = crest[chance.integers(0, len(crest), 46)] + chance.normal(0, 0.09 * high, (46, 2))
    spots = spots + np.array((0.06 * stage.lean * high, 0.03 * high))
    for spot, size in zip(spots, chance.uniform(0.012, 0.045, 46), strict=True):
        sheet.cover(disc(float(spot[0]), float(spot[1]), float(size) * high, 0.25 * sheet.unit), WHITE, 0.95)
    feet = face[-14:]
    for shift in (0.0, 0.07, 0.13):
        sweep(sheet, feet[None] + np.array((0, shift * high)), Brush(0.09 * high, WHITE, 0.95, 0.5, 0.4, 0.4, 0.9), opaque=True)
