"""Three ways a path runs: through the fields, up a hill, along the water."""

import numpy as np
from msgspec.structs import replace

from workers.providers.local.painter import earth, land, placing, sky, stones, water
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, Curves, stroke
from workers.providers.local.painter.course import through
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.patchwork import patchwork
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import far_trees, foreground, tuft, tufts, verges
from workers.providers.local.painter.waterline import drifts, waterline

_CLIMBING = frozenset({"climbs", "hill", "mountain", "mountains", "over", "saddle", "slips", "steps", "up"})
_LEVEL = frozenset({"field", "fields", "below", "straight"})
_LEADING = frozenset({"end", "leads", "field", "fields", "grass", "through", "meet", "divides", "turns", "bends", "straight"})


_DOORSTEP = 0.011
"""Half the width of a way before the door it leads to, a share of the width."""

_FURTHEST = 60.0
"""How far off a way through the fields is lost, beside where it enters: at the horizon, or at a door."""


def path(stage: Stage) -> None:
    """A poem's three pictures show three ways, unless the words say which."""
    words, number = stage.view.words, stage.shot.number
    if "end" in words and not placing.is_far(stage):
        _to_the_water(stage)
        return
    leads = bool(words & _LEADING) or placing.is_far(stage)
    if (words & {"divides", "stone", "paving"} and number == 1) or "divides" in words:
        _through_fields(stage)
    elif words & _CLIMBING and not words & _LEVEL:
        _up_a_hill(stage)
    elif number == 1 and not leads:
        _along_the_water(stage)
    elif number == 2 and not words & {"field", "fields", "grass"}:
        _up_a_hill(stage)
    else:
        _through_fields(stage)


def _lay(stage: Stage, edges: Curves) -> None:
    """Trodden earth, or stones where the words say so."""
    if stage.view.words & {"stone", "paving"}:
        verges(stage, edges)
        stones.stepping(stage, edges)
        return
    land.way(stage.sheet, stage.light, edges)
    verges(stage, edges)


def _through_fields(stage: Stage) -> None:
    horizon, _, front = stage.lines(0.58, 0.63, 0.87)
    sheet = stage.sheet
    heavens(stage)
    behind(stage, horizon, 3, 0.27)
    sky.mist(sheet, horizon, 0.05)
    far_trees(stage, horizon + 0.02, 6)
    earth.earth(stage, horizon + 0.02, 0.9, 0.02)
    if "fields" in stage.view.words:
        patchwork(stage, horizon + 0.03)
    tufts(stage, horizon + 0.1, 12)
    foreground(stage)
    straight = "straight" in stage.view.words
    swing = stage.lean * (0.0 if straight else sheet.chance.uniform(0.16, 0.3) * sheet.chance.choice([-1, 1]))
    vanish, top = _aim(stage, stage.share(stage.stands + 0.14), horizon + 0.012)
    course = through(top, vanish, (stage.share(placing.nearest(stage)), front), swing)
    if "divides" in stage.view.words:
        _lay(stage, replace(course, vanish=stage.share(stage.stands - 0.2), swing=-swing).edges(sheet, 0.11, _FURTHEST))
    narrow = stage.view.words & {"narrow", "little", "thin"}
    least = _DOORSTEP if placing.is_far(stage) else 0.0015
    _lay(stage, course.edges(sheet, 0.065 if narrow else 0.11, _FURTHEST, least))


def _aim(stage: Stage, x: float, y: float) -> tuple[float, float]:
    """Where a way ends, shares of width and height: at the door of what stands there, which is painted first, else at (x, y)."""
    if not placing.is_far(stage):
        return x, y
    placing.stand_far(stage)
    at, foot = placing.door(stage)
    return at / stage.sheet.width, foot / stage.sheet.height


def _up_a_hill(stage: Stage) -> None:
    """One broad hill before the mountains; the path goes up it in bends, and what it leads to stands on top."""
    horizon, _, _ = stage.lines(0.62, 0.62, 0.9)
    sheet, crest = stage.sheet, 0.6 + 0.3 * stage.shot.lower
    heavens(stage)
    behind(stage, horizon, 3, 0.36)
    sky.mist(sheet, horizon, 0.07, 0.9)
    far_trees(stage, 0.78, 6)
    earth.hill(stage, land.dome(sheet, crest, 0.86, stage.share(stage.stands), stage.lean))
    stage.middle = crest + 0.012
    tufts(stage, 0.8, 12)
    _lay(stage, _bends(stage, *_aim(stage, stage.share(stage.stands), crest + 0.003)))


def _bends(stage: Stage, top: float, end: float) -> Curves:
    """Left and right edge of the path, wide below and closer together the higher they are; it ends at (top, end)."""
    sheet, up = stage.sheet, np.linspace(0, 1, 40)
    near = (1 - up) ** 1.25
    y = end + (1.06 - end) * near
    x = top + stage.lean * (0.13 * np.sin(up * 8.5) * (0.25 + near) * (1 - up) ** 0.5 + 0.02 * near)
    # Whoever is on it stands on it.
    x += (stage.share(stage.stands) - np.interp(stage.front, y[::-1], x[::-1])) * near
    centre = np.stack([x * sheet.width, y * sheet.height], axis=1)
    along = np.gradient(centre, axis=0)
    # Across its way, foreshortened: measured sideways only it would vanish where it runs from side to side.
    across = along[:, ::-1] * (-1, 0.6) / np.linalg.norm(along, axis=1, keepdims=True)
    half = (_DOORSTEP + 0.07 * near)[:, None] * sheet.width
    return np.stack([centre - half * across, centre + half * across])


def _to_the_water(stage: Stage) -> None:
    """The way ends where the land does: at a landing of two posts, with the wide water beyond it."""
    horizon, _, _ = stage.lines(0.46, 0.5, 0.78)
    sheet, line = stage.sheet, horizon + 0.02
    heavens(stage)
    behind(stage, horizon, 3, 0.28)
    drifts(stage, line)
    water.lake(sheet, stage.light, line, 1.0)
    waterline(stage, line)
    earth.bank(stage, stage.front - 0.045, 0.015)
    near = np.linspace(1, 0, 40) ** 1.2
    y = stage.front - 0.012 + (1.05 - stage.front) * near
    x = stage.share(stage.stands) + stage.lean * (0.16 * near**0.8 + 0.07 * np.sin(near * 5) * near)
    half = (0.028 + 0.075 * near) * np.clip((1 - np.linspace(0, 1, 40)) * 9, 0.25, 1)
    _lay(stage, np.stack([np.stack([(x + side * half) * sheet.width, y * sheet.height], axis=1) for side in (-1, 1)]))
    _posts(stage)
    tufts(stage, 0.9, 7)


def _posts(stage: Stage) -> None:
    """Where boats were tied: two old posts on either hand of the way's end."""
    sheet, unit = stage.sheet, stage.sheet.unit
    x, y = stage.x(stage.stands), stage.y(stage.front - 0.02)
    for side, tall in ((-1, 7.0), (1, 5.6)):
        foot = (x + side * 7 * unit, y + 0.4 * unit)
        post = [foot, (foot[0] + 0.2 * unit, y - 0.5 * tall * unit), (foot[0] + 0.1 * unit, y - tall * unit)]
        stroke(sheet, post, Brush(1.5 * unit, mixed(PIGMENTS["brown"], stage.light.dark_ink, 0.6), 0.97, 0.2, 0.02, 0.02, 0.2))
        tuft(stage, foot[0], y + 0.8 * unit, 3)


def _along_the_water(stage: Stage) -> None:
    """Seen from the side: a bank with its path from edge to edge, still water behind it."""
    horizon, _, _ = stage.lines(0.44, 0.45, 0.87)
    sheet = stage.sheet
    heavens(stage)
    behind(stage, horizon, 3, 0.26)
    far_trees(stage, horizon + 0.005, 5)
    drifts(stage, horizon + 0.01)
    placing.stand_far(stage)
    water.lake(sheet, stage.light, horizon + 0.01, 1.0)
    waterline(stage, horizon + 0.01)
    across = np.linspace(0, 1, sheet.width, dtype=np.float32)
    rise = across if stage.lean > 0 else 1 - across
    earth.hill(stage, (0.83 - 0.1 * rise**1.5).astype(np.float32))
    places = np.linspace(-0.03, 1.03, 30)
    near = (1 - places).clip(0, None)
    middle = 0.775 + 0.2 * near**1.5 + 0.02 * np.sin(7 * places) * near
    half = 0.005 + 0.034 * near**1.3
    x = stage.sheet.width * (places if stage.lean > 0 else 1 - places)
    _lay(stage, np.stack([np.stack([x, (middle + side * half) * sheet.height], axis=1) for side in (-1, 1)]))
    tufts(stage, 0.94, 9)
    stage.front = float(np.interp(stage.stands, places, middle + 0.3 * half))
