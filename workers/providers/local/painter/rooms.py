"""Indoors: small things on a surface, or a window with the season behind it."""

from collections.abc import Callable

import numpy as np

from workers.providers.local.painter import boards, cast, earth, groves, named, placing, sky, undergrowth, water
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.garden import beds
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import WHITE
from workers.providers.local.painter.panes import Pane, pane, sill, sunlight, wall
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.stage import Stage

_BRIGHT = frozenset({"bright", "light", "morning", "sunlight", "sunny"})

_SUNNY = frozenset({"light", "sun", "sunlight", "sunny"})

_DESKS = frozenset({"desk", "table", "tray", "counter"})

_ON_DESK = 50
"""The tallest that stands on a desk, in centimetres; whatever is taller stands on the floor."""


def still_life(stage: Stage) -> None:
    """Small things seen near: on a veranda before the season's hills, before a circle of ink, or on a desk by a window."""
    if "veranda" in stage.view.words:
        _veranda(stage)
    elif stage.view.words & _DESKS or stage.shot.number == 2:
        window(stage)
        return
    elif stage.shot.number == 1 or "wall" in stage.view.words:
        _bare(stage)
    else:
        _veranda(stage)
    stage.middle, stage.closeness = 0.62, 1.0


def _veranda(stage: Stage) -> None:
    sheet = stage.sheet
    horizon, _, _ = stage.lines(0.5, 0.62, 0.87)
    heavens(stage)
    behind(stage, horizon + 0.06, 3, 0.32)
    sky.mist(sheet, horizon + 0.07, 0.07, 0.9)
    undergrowth.far_trees(stage, horizon + 0.13, 8)
    if "garden" in stage.view.words:
        earth.earth(stage, horizon + 0.1, 0.85, 0.0)
        beds(stage, horizon + 0.09, 0.74)
    else:
        sky.mist(sheet, horizon + 0.18, 0.06, 0.9)
    cast.sprig(stage, 0.74)
    cast.fall(stage)
    boards.floor(stage, 0.71)
    if stage.view.words & _SUNNY and stage.view.hour == "day":
        boards.sunshine(stage, 0.71)
    boards.post(stage, 0.725)


def _bare(stage: Stage) -> None:
    """An ensō, one turn of a wide dry brush, and a branch that reaches in."""
    sheet = stage.sheet
    stage.horizon, stage.front = 0.9, 0.78
    shade = np.clip(
        1.1 - np.hypot(*np.ogrid[-0.3 : 1.0 : sheet.height * 1j, -0.2 : 1.3 : sheet.width * 1j]) + 0.5 * (sheet.mottle - 0.5),
        0,
        1,
    )
    sheet.wash(Tile(0, 0, shade.astype(np.float32)), stage.light.sky, 0.6 + 0.35 * stage.light.dark)
    if stage.light.dark > 0.5:
        sheet.wash(Tile(0, 0, np.clip(0.8 + 0.25 * (sheet.mottle - 0.5), 0, 1)), stage.light.sky, 0.8)
    turn = np.linspace(0.6, 6.5, 40) + sheet.chance.uniform(0, 1)
    radius = 33 * sheet.unit
    ring = np.stack([stage.x(stage.focus) + stage.lean * radius * np.cos(turn), stage.y(0.53) + radius * np.sin(turn)], axis=1)
    ink = Brush(5.5 * sheet.unit, stage.light.dark_ink if stage.light.dark < 0.5 else WHITE, 0.55, 0.55, 0.02, 0.25, 0.3, 0.6)
    sweep(sheet, ring[None], ink, opaque=True)
    cast.sprig(stage)


def window(stage: Stage) -> None:
    """The season's garden seen through a window, the wall left plain; before it a desk where things stand, or a bare floor."""
    sheet, opening = stage.sheet, pane(stage)
    middle = stage.share(opening.x / sheet.width)
    lower = 0.1 if stage.view.says("sky", "above") or (stage.view.setting == "hill" and "sky" in stage.view.words) else 0.0
    stage.horizon, stage.middle = 0.56 + lower, 0.66
    heavens(stage, middle + 0.1)
    behind(stage, 0.58 + lower, 3, 0.36 if stage.view.setting == "mountain" else 0.26)
    sky.mist(sheet, 0.59 + lower, 0.05)
    _OUTSIDE.get(stage.view.setting, _garden)(stage)
    cast.view_from_window(stage, middle, opening.across / sheet.unit)
    cast.fall(stage)
    if stage.view.words & boards.DIM:
        sheet.wash(Tile(0, 0, np.ones_like(sheet.mottle)), (0.50, 0.52, 0.57), 0.8)
    wall(stage, opening)
    (_on_a_desk if _stands_on_a_desk(stage) else _on_the_floor)(stage, opening)


def _stands_on_a_desk(stage: Stage) -> bool:
    here = [sketches()[name] for name in named.named_on(stage)] if stage.view.things else []
    return bool(stage.view.words & _DESKS or here) and all(sketch.tall <= _ON_DESK for sketch in here)


def _on_a_desk(stage: Stage, opening: Pane) -> None:
    """A round window's foot is behind it, a square one stands on it."""
    top = opening.y + 0.9 * opening.up if opening.round else opening.foot + 1.3 * stage.sheet.unit
    share = top / stage.sheet.height
    boards.desk(stage, share)
    if stage.view.words & _BRIGHT and stage.view.hour != "night":
        sunlight(stage, opening, share + 0.01, boards.DESK_ENDS - 0.01)
    stage.closeness, stage.front = 1.0, 0.87


def _on_the_floor(stage: Stage, opening: Pane) -> None:
    if not opening.round:
        sill(stage, opening)
    boards.floor(stage, 0.85)
    if stage.view.words & _BRIGHT and stage.view.hour != "night":
        sunlight(stage, opening, 0.86, 0.985)
    stage.closeness, stage.front = 1.0, 0.92


def _garden(stage: Stage) -> None:
    """A lawn with its hedge, and whatever house stands there."""
    undergrowth.far_trees(stage, 0.635, 6)
    sky.mist(stage.sheet, 0.63, 0.03, 0.7)
    earth.earth(stage, 0.65, 0.85, 0.015)
    placing.stand_far(stage)
    if "garden" in stage.view.words:
        beds(stage, 0.65, 0.84, walled=not named.is_far(stage))
        return
    undergrowth.tufts(stage, 0.68, 9)


def _lake(stage: Stage) -> None:
    groves.grove(stage.sheet, stage.light, (0.0, 1.0), 0.6, 4, 0.55, snowy=stage.snowy)
    water.lake(stage.sheet, stage.light, 0.61, 1.0)


def _sea(stage: Stage) -> None:
    water.sea(stage.sheet, stage.light, 0.6)


_OUTSIDE = {"lake": _lake, "pond": _lake, "river": _lake, "sea": _sea, "beach": _sea}
"""What is seen from a window that looks out on water."""

INDOORS: dict[str, Callable[[Stage], None]] = {"still life": still_life, "window": window}
