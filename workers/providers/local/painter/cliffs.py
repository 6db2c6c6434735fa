"""Rock that stands out of the water: the banks a bridge rests on, headlands."""

import numpy as np

from workers.providers.local.painter import rocks
from workers.providers.local.painter.brush import Brush, Floats, sweep
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import pooled, shape


def abutment(stage: Stage, x: float, y: float, side: int, steep: float = 1.0) -> None:
    """A dark bank from (x, y), in pixels, out of the picture to `side`; `steep` is how much of its full height it has."""
    sheet, unit = stage.sheet, stage.sheet.unit
    edge = max(sheet.width, x) + 20 * unit if side > 0 else min(0.0, x) - 20 * unit
    away = np.array((*np.arange(-8.0, 18.0, 1.6), *np.arange(18.0, 110.0, 4.0)))
    up = np.interp(away, (-8.0, -4.0, 1.0, 7.0, 18.0, 60.0), (0.0, 1.6, 4.0, 7.0, 9.0, 10.0))
    up[1:] += sheet.chance.normal(0, 0.28, len(up) - 1)
    top = [(float(x + side * a * unit), float(y - steep * b * unit)) for a, b in zip(away, up, strict=True)]
    body = shape([*top, (edge, y - steep * 10 * unit), (edge, y)], straight=True, soft=0.5 * unit)
    sheet.cover(body, sheet.paper)
    sheet.wash(pooled(sheet, sheet.granulate(body, 1.0), 0.35, 2 * unit), stage.light.dark_ink, 0.68)
    _hewn(stage, np.array([*top, (edge, y - steep * 10 * unit)]), y)
    for out, size in ((3.0, 2.6), (-3.0, 3.4), (-0.5, 2.2)):
        rocks.rock(sheet, x + side * out * unit, y - 0.3 * unit, size * unit, tone=0.5, snowy=stage.snowy)


def _hewn(stage: Stage, top: Floats, foot: float) -> None:
    """Axe cuts (fuheki-shun) down the face below the line `top`, and the line itself in a dry, broken brush; in pixels."""
    sheet, unit = stage.sheet, stage.sheet.unit
    ends = np.clip(np.sort(top[[0, -1], 0]), 0, sheet.width)
    count = int(2.0 * (ends[1] - ends[0]) / unit)
    x, order = sheet.chance.uniform(ends[0], ends[1], count), np.argsort(top[:, 0])
    start = np.stack([x, np.interp(x, top[order, 0], top[order, 1])], axis=1)
    share = sheet.chance.uniform(0, 0.9, (count, 1))
    deep = (foot - start[:, 1:]) * (1 - share)
    start = start + np.concatenate([np.zeros_like(share), (foot - start[:, 1:]) * share], axis=1)
    length = np.minimum(deep, sheet.chance.uniform(1.5, 5, (count, 1)) * unit)
    cuts = np.stack([start, start + np.concatenate([0.45 * length, length], axis=1)], axis=1)
    sweep(sheet, cuts, Brush(1.1 * unit, stage.light.dark_ink, 0.75, 0.7, 0.1, 0.6, 0.5), sheet.chance.uniform(0.4, 1.3, count))
    sweep(sheet, top[None], Brush(1.0 * unit, stage.light.dark_ink, 0.9, 0.55, 0.1, 0.1, 0.8))
