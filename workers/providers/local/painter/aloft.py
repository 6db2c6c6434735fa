"""What flies keeps clear of the ridges behind it, of the picture's upper edge, and of its like."""

import numpy as np

from workers.providers.local.painter import sky
from workers.providers.local.painter.sketch import At, Sketch, members
from workers.providers.local.painter.stage import Stage

_UP, _OUT = 1.15, 0.95
"""How high and how far to either side a bird's wings reach, of its own height."""

_GAP = 2.5
"""What is left free between a bird and a ridge or the upper edge, in units."""

_LEAST = 0.5
"""What is left of its size where there is hardly any sky."""

_FAR_FLOCK = (17.0, 8.0)
"""Half as wide and half as high as the far birds of an empty sky may spread, in units."""


def clear(stage: Stage, sketch: Sketch, at: At) -> At:
    """The same, moved aside, up or down into free sky, and made smaller where there is too little of it."""
    left, top, right, bottom = _extent(sketch, at)
    best, most = at, 0.0
    for aside in (0.0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.24, -0.24):
        x = at.x + aside * stage.sheet.width
        if aside and not _inside(stage, x - at.x + left, x - at.x + right):
            continue
        high, low = _free(stage, x - at.x + left, x - at.x + right)
        share = min(1.0, (low - high) / (bottom - top))
        if share > most + 0.01:
            foot = min(max(at.y, high + share * (at.y - top)), low - share * (bottom - at.y))
            best, most = at._replace(x=x, y=foot, size=max(share, _LEAST) * at.size), share
    return best


def far_flock(stage: Stage) -> None:
    """The far birds that an empty sky was to have, once it is known how high the ranges are; none where these fill it."""
    if not stage.flock:
        return
    stage.flock = False
    x, unit = stage.x(stage.focus + 0.12), stage.sheet.unit
    wide, high = (share * unit for share in _FAR_FLOCK)
    top, bottom = _free(stage, x - wide, x + wide)
    if bottom - top >= 2 * high:
        sky.flock(stage.sheet, x, min(max(stage.y(0.26), top + high), bottom - high))


def _extent(sketch: Sketch, at: At) -> tuple[float, float, float, float]:
    """From where to where it reaches, in pixels."""
    each = [(one.x, one.y, one.size) for _, one in members(sketch, at)]
    reach = _OUT if sketch.group else max(_OUT, sketch.wide / 100)
    return (
        min(x - reach * size for x, _, size in each),
        min(y - _UP * size for _, y, size in each),
        max(x + reach * size for x, _, size in each),
        max(y for _, y, _ in each),
    )


def _inside(stage: Stage, left: float, right: float) -> bool:
    low, high = (share * stage.sheet.width for share in stage.zone)
    return left > low and right < high


def _free(stage: Stage, left: float, right: float) -> tuple[float, float]:
    """The highest and the lowest row of free sky there, in pixels."""
    gap = _GAP * stage.sheet.unit
    first, last = max(0, int(left)), min(stage.sheet.width, int(right) + 1)
    low = float(stage.skyline[first:last].min()) if stage.skyline is not None and first < last else 0.5 * stage.sheet.height
    return _upper_edge(stage, left, right) + gap, low - gap


def _upper_edge(stage: Stage, left: float, right: float) -> float:
    """Where the picture begins there: in a round window lower to its sides."""
    if not stage.round:
        return 2 * stage.sheet.unit
    radius = min(stage.sheet.width, stage.sheet.height) / 2 - 2 * stage.sheet.unit
    out = max(abs(left - stage.sheet.width / 2), abs(right - stage.sheet.width / 2))
    return float(stage.sheet.height / 2 - np.sqrt(max(0.0, radius**2 - out**2)))
