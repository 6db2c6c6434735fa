"""Fields beside fields: each its own crop and colour, low banks between them, all smaller towards the horizon."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, sweep
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import pooled, shape

_ROWS = 6

_CROPS: dict[str, tuple[str, ...]] = {
    "spring": ("green", "gold", "paper", "moss"),
    "summer": ("green", "moss", "green", "ochre"),
    "autumn": ("ochre", "gold", "brown", "paper"),
    "winter": ("brown", "paper", "ochre", "paper", "moss"),
    "new year": ("brown", "paper", "ochre", "paper", "moss"),
}


def patchwork(stage: Stage, top: float) -> None:
    """From `top`, a share of the height, to the viewer; under snow only the banks are seen."""
    near = np.linspace(0.15, 1.0, _ROWS + 1) ** 1.7
    vanish, last = stage.stands + stage.sheet.chance.uniform(-0.1, 0.1), top + (1.03 - top) * near
    for far, close, upper, lower in zip(near, near[1:], last, last[1:], strict=False):
        # The furthest are lost in haze, or they would begin with a ruled line.
        faint = min(1.0, 0.25 + 3 * close)
        sides = _sides(stage, far, close)
        corners = [(stage.x(vanish + side * share), stage.y(y)) for side in sides for share, y in ((far, upper), (close, lower))]
        for first in range(0, len(corners) - 2, 2):
            a, b, c, d = corners[first : first + 4]
            _crop(stage, [a, c, d, b], faint)
        _banks(stage, corners, faint if far > near[0] else 0.0)


def _sides(stage: Stage, far: float, close: float) -> list[float]:
    """Where one row is divided: shares of the width at the viewer's own distance."""
    wide = stage.sheet.chance.uniform(0.3, 0.55)
    reach = 0.75 / far + wide
    first = -reach + stage.sheet.chance.uniform(0, wide)
    return [float(side) for side in np.arange(first, reach, wide * (0.6 + 0.4 * close) / close**0.35)]


def _crop(stage: Stage, corners: list[tuple[float, float]], faint: float) -> None:
    sheet = stage.sheet
    crops = _CROPS.get(stage.view.season)
    if crops is None or stage.snowy or max(x for x, _ in corners) < 0 or min(x for x, _ in corners) > sheet.width:
        return
    tint: Colour = mixed(PIGMENTS[crops[int(sheet.chance.integers(len(crops)))]], stage.light.ground, 0.35)
    patch = shape(_clipped(corners, sheet.width), straight=True, soft=0.35 * sheet.unit)
    tint = mixed(tint, stage.light.dark_ink, 0.35 * stage.light.dark)
    sheet.wash(pooled(sheet, patch, 0.2), tint, faint * sheet.chance.uniform(0.2, 0.6))


def _clipped(corners: list[tuple[float, float]], width: int) -> list[tuple[float, float]]:
    """No further out than the picture is wide: what nobody sees is not filled."""
    return [(min(max(x, -0.6 * width), 1.6 * width), y) for x, y in corners]


def _banks(stage: Stage, corners: list[tuple[float, float]], faint: float) -> None:
    """Trodden earth with a little grass: a line along the row's far edge and one between each two fields."""
    sheet = stage.sheet
    across = np.array([corners[0::2][0], corners[0::2][len(corners) // 4], corners[0::2][-1]])
    up = np.array([[corners[at], corners[at + 1]] for at in range(0, len(corners), 2)])
    ink = mixed(stage.light.dark_ink, PIGMENTS["brown"], 0.4)
    sweep(sheet, _uneven(stage, across[None]), Brush(0.7 * sheet.unit, ink, 0.5 * faint, 0.6, 0.02, 0.02, 0.5))
    seen = up[(up[:, :, 0] > -0.3 * sheet.width).any(axis=1) & (up[:, :, 0] < 1.3 * sheet.width).any(axis=1)]
    sweep(sheet, seen, Brush(0.8 * sheet.unit, ink, 0.5 * max(faint, 0.3), 0.6, 0.05, 0.05, 0.5))


def _uneven(stage: Stage, lines: Curves) -> Curves:
    return np.asarray(lines + stage.sheet.chance.normal(0, 0.2 * stage.sheet.unit, lines.shape) * (0, 1))
