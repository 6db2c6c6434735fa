"""What grows beside a way: clumps on either hand of it, and a tree that walkers pass; nothing where feet go."""

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from core.contracts.haiku import Season
from workers.providers.local.painter import placing
from workers.providers.local.painter.spot import Plant, Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.standing import standing

_ROWS = (0.34, 0.5, 0.68, 0.88, 1.1)
"""How near each row of clumps is, 1 at the lower edge; in such rows they hide the ground and not each other."""

_MOST = 15


_VERGE: dict[Season, tuple[str, ...]] = {
    "spring": ("cherry", "pine", "cherry"),
    "summer": ("tree", "pine"),
    "autumn": ("maple", "pine", "maple"),
    "winter": ("bare", "pine", "bare"),
    "new year": ("pine", "plum"),
}


def kind(stage: Stage) -> str:
    """Which tree stands by a way where none is named; by night none whose colours nobody would see."""
    season = stage.view.season
    names = ("pine", "bare" if season == "winter" else "pine") if stage.light.dark > 0.5 else _VERGE[season]
    return names[int(stage.sheet.chance.integers(len(names)))]


def clumps(stage: Stage, grow: Plant, size: float) -> None:
    """From the furthest to the nearest; `size` is that of the nearest, in units."""
    for spot in list(_beside(stage, size))[-_MOST:]:
        grow(stage.sheet, spot)


def _beside(stage: Stage, size: float) -> Iterator[Spot]:
    chance, top = stage.sheet.chance, stage.horizon + 0.03
    for near in _ROWS:
        step = 0.13 + 0.15 * near
        for share in np.arange(chance.uniform(-0.08, 0.04), 1.02, step):
            x, y = share + chance.normal(0, 0.02), top + (1 - top) * near
            spot = replace(stage.spot(0.5, y, size * near), x=stage.sheet.width * float(x), fence=None)
            reach = spot.size * stage.sheet.unit
            if not stage.treads(spot.x - 0.55 * reach, spot.y - 0.45 * reach, spot.x + 0.55 * reach, spot.y + 2):
                yield replace(spot, lean=_towards(stage, spot)) if "over" in stage.view.words else spot


def _towards(stage: Stage, spot: Spot) -> int:
    """To which side of a spot the way lies."""
    if stage.trodden is None:
        return stage.lean
    row = stage.trodden[int(min(spot.y, stage.sheet.height - 1))]
    return 1 if float(np.average(np.arange(len(row)), weights=row + 1e-6)) > spot.x else -1


def tree(stage: Stage, grow: Plant, size: float = 36.0) -> None:
    """One on the verge, on the full side where there is room; where the way takes all of it, none."""
    for share, near in ((0.15, 0.62), (0.1, 0.5), (0.22, 0.42), (0.68, 0.5), (0.74, 0.6)):
        y = stage.middle + (1 - stage.middle) * near
        spot = stage.spot(share + stage.sheet.chance.normal(0, 0.02), y, size * (0.6 + 0.6 * near))
        reach = spot.size * stage.sheet.unit
        if not stage.treads(spot.x - 0.16 * reach, spot.y - 0.3 * reach, spot.x + 0.16 * reach, spot.y + 0.03 * reach):
            standing(stage, grow, replace(spot, lean=0, clear=placing.clearings(stage)))
            return


def aside(stage: Stage, spot: Spot) -> Spot | None:
    """The same, moved aside from a way that runs there; none where there is no room."""
    half, foot = 0.55 * spot.size * stage.sheet.unit, min(spot.y, stage.sheet.height - 1.0)
    for shift in (0.0, 0.08, -0.08, 0.16, -0.16, 0.24, -0.24, 0.32, -0.32, 0.4, -0.4):
        x = spot.x + shift * stage.sheet.width
        if not stage.treads(x - half, foot - half, x + half, foot):
            return replace(spot, x=x)
    return None
