"""A garden: a tiled wall or a fence around it, clipped bushes, stones on moss in raked gravel, a stone lantern."""

import numpy as np

from workers.providers.local.painter import earth, named, rocks, sky, stones
from workers.providers.local.painter.azalea import clipped
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, dabs, moved, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.homestead import homestead, walled_gate
from workers.providers.local.painter.ink import At, Part, lay
from workers.providers.local.painter.noise import clouds
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sketch import draw, sketches
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import far_trees, tufts
from workers.providers.local.painter.washes import shape

_LAID_OUT = frozenset({"garden", "stepping"})
_WAY = frozenset({"stepping", "path"})


def is_laid_out(stage: Stage) -> bool:
    """Whether the words speak of a garden, and not only of what has a yard."""
    return bool(stage.view.words & _LAID_OUT)


def garden(stage: Stage) -> None:
    """A garden where the words say so; before a gate or a house, a yard of grass."""
    horizon, _, _ = stage.lines(0.6 if is_laid_out(stage) else 0.66, 0.76, 0.88)
    heavens(stage)
    behind(stage, horizon, 3, 0.3)
    sky.mist(stage.sheet, horizon + 0.02, 0.07, 0.9)
    far_trees(stage, horizon + 0.05, 8)
    earth.earth(stage, horizon + 0.09, 0.8, 0.0 if is_laid_out(stage) else 0.03)
    if not is_laid_out(stage):
        homestead(stage)
        tufts(stage, 0.9, 5)
        return
    stage.middle = horizon + 0.13
    walled = not named.is_far(stage)
    walled_gate(stage)
    beds(stage, horizon + 0.1, 1.0, walled=walled)


def beds(stage: Stage, top: float, bottom: float, *, walled: bool = True) -> None:
    """What lies between the wall's foot at `top` and the viewer at `bottom`, shares of the height."""
    sheet, deep = stage.sheet, bottom - top
    if walled:
        (_wall if sheet.chance.uniform() < 0.6 else _bamboo_fence)(stage, top)
    _bushes(stage, top + 0.03)
    way = bool(stage.view.words & _WAY)
    if not way:
        _gravel(stage, top + 0.3 * deep, bottom)
    aside = 0.86 if stage.stands < 0.5 else 0.14
    island(stage, aside, top + 0.2 * deep, 15)
    size = 15 * sheet.unit
    lantern = At(stage.x(aside), stage.y(top + 0.2 * deep), size, stage.turned, stage.lamplit, stage.snowy)
    draw(sheet, sketches()["stone_lantern"], lantern)
    _stones(stage, top, deep)
    if way:
        _steps(stage, top, bottom)
        tufts(stage, top + 0.75 * deep, 3)


def _wall(stage: Stage, foot: float) -> None:
    """Plaster on a footing of stone under a coping of tiles, from edge to edge."""
    sheet, y, unit = stage.sheet, stage.y(foot), stage.sheet.unit
    left, right = -3.0 * unit, sheet.width + 3.0 * unit
    at = At(0, y, 8 * unit, stage.turned, stage.lamplit, stage.snowy)

    def band(low: float, high: float) -> list[tuple[float, float]]:
        return [(left, y - high * unit), (right, y - high * unit), (right, y - low * unit), (left, y - low * unit)]

    lay(sheet, "wall", Part(("paper", "0.55"), band(0, 6.4)), at)
    lay(sheet, "wall", Part(("grey", "0.7"), band(-0.2, 1.5)), at)
    lay(sheet, "under", Part(("ink", "0.55"), band(2.6, 6.2)), at)
    lay(sheet, "tiles", Part(("0.8",), band(5.9, 8.2)), at)


def _bamboo_fence(stage: Stage, foot: float) -> None:
    """Split bamboo side by side, tied to three rails."""
    sheet, y, unit = stage.sheet, stage.y(foot), stage.sheet.unit
    x = np.arange(-1.0, sheet.width + 2 * unit, 0.95 * unit)
    tops = np.stack([x, np.full_like(x, y - 7.2 * unit) + sheet.chance.normal(0, 0.15 * unit, len(x))], axis=1)
    colour = mixed(mixed(PIGMENTS["ochre"], PIGMENTS["moss"], 0.4), stage.light.dark_ink, 0.15 + 0.4 * stage.light.dark)
    canes = dabs(tops, 0.0, 7.2 * unit)
    sweep(sheet, canes, Brush(1.1 * unit, mixed(colour, sheet.paper, 0.35), 1.0, 0, 0.02, 0.02, 0.05), opaque=True)
    sweep(sheet, canes, Brush(0.85 * unit, colour, 0.85, 0.45, 0.02, 0.05, 0.3), 1.0, sheet.chance.uniform(0.5, 1, len(x)))
    rails = np.array(
        [[(-3.0, y - up * unit), (sheet.width / 2, y - up * unit), (sheet.width + 3.0, y - up * unit)] for up in (1.6, 4.0, 6.3)]
    )
    sweep(sheet, rails, Brush(0.7 * unit, stage.light.dark_ink, 0.8, 0.4, 0.02, 0.02, 0.4))
    ties = np.array([(at, y - (up + 0.5) * unit) for at in np.arange(2 * unit, sheet.width, 8 * unit) for up in (1.6, 4.0, 6.3)])
    sweep(sheet, dabs(ties, 0.0, 1.1 * unit), Brush(0.6 * unit, stage.light.dark_ink, 0.9, 0.2, 0.1, 0.1))


def _bushes(stage: Stage, y: float) -> None:
    """Azaleas clipped round, in twos and threes before the wall."""
    chance = stage.sheet.chance
    for middle in chance.uniform(0.04, 0.96, 4):
        for _ in range(int(chance.integers(1, 4))):
            x = stage.sheet.width * (middle + chance.normal(0, 0.05))
            clipped(stage, float(x), stage.y(y + chance.uniform(0, 0.025)), chance.uniform(3.2, 5.2) * stage.sheet.unit)


def _gravel(stage: Stage, top: float, bottom: float) -> None:
    """White gravel from side to side, raked in long level furrows."""
    sheet = stage.sheet
    first, last = int(stage.y(top)), min(sheet.height, int(stage.y(bottom)))
    rows = np.arange(first, last, dtype=np.float32)[:, None]
    uneven = clouds(sheet.chance, sheet.width, 8, 30 * sheet.unit, 3)[4] * 5 * sheet.unit
    lies = np.clip((rows - first - uneven) / (0.7 * sheet.unit), 0, 1)
    white = mixed((0.90, 0.885, 0.85), stage.light.sky, 0.12 + 0.3 * stage.light.dark)
    sheet.cover(sheet.granulate(Tile(0, first, lies.astype(np.float32)), 0.1), white, 0.94)
    near = np.linspace(0.08, 1, 15) ** 1.5
    across = np.linspace(-0.02, 1.02, 14)
    y = stage.y(top) + 3.5 * sheet.unit + near[:, None] * (last - first) + 0.35 * sheet.unit * np.sin(across * 9 + near[:, None])
    furrows = np.stack([np.broadcast_to(across * sheet.width, y.shape), y], axis=2)
    for shift, colour, strength in ((0.0, stage.light.ink, 0.5), (0.5, WHITE, 0.7)):
        line = Brush(0.55 * sheet.unit, colour, strength, 0.45, 0.02, 0.02, 0.4)
        sweep(sheet, furrows + np.array((0, shift * sheet.unit)), line, 0.4 + near, opaque=colour is WHITE)


def island(stage: Stage, share: float, y: float, wide: float) -> None:
    """A low island of moss, `wide` units broad; where snow lies, of snow."""
    sheet = stage.sheet
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    reach = wide / 2 * sheet.unit * sheet.chance.uniform(0.8, 1.15, 12)
    ring = np.stack([stage.x(share) + reach * np.cos(turn), stage.y(y) + 0.3 * reach * np.sin(turn)], axis=1)
    points = [(float(a), float(b)) for a, b in ring]
    isle = shape(points, soft=0.4 * sheet.unit)
    green = WHITE if stage.snowy else mixed(PIGMENTS["moss"], stage.light.ground, 0.35)
    colour = mixed(green, stage.light.dark_ink, 0.25 * stage.light.dark)
    sheet.cover(sheet.granulate(isle, 0.3), colour, 0.95)
    if stage.snowy:
        return
    # Full in the light and dark where it meets the gravel, or it would lie there like a stain.
    low = np.clip(np.linspace(-1.1, 1, len(isle.mask), dtype=np.float32), 0, 1)[:, None] * isle.mask
    sheet.wash(isle._replace(mask=low), stage.light.dark_ink, 0.45)
    _cushions(stage, stage.x(share), stage.y(y), reach.mean(), colour)


def _cushions(stage: Stage, x: float, y: float, reach: float, colour: Colour) -> None:
    """What moss is made of: small rounds, lit above, thick to the island's edge; all in pixels."""
    sheet, chance, count = stage.sheet, stage.sheet.chance, int(40 + 14 * reach / stage.sheet.unit)
    turn, out = chance.uniform(0, 2 * np.pi, count), np.sqrt(chance.uniform(0, 1, count))
    spots = np.stack([x + 0.97 * out * reach * np.cos(turn), y + 0.3 * out * reach * np.sin(turn)], axis=1)
    spots = spots[np.argsort(spots[:, 1])]
    size = 0.9 * sheet.unit
    for lift, tone in ((0.0, mixed(colour, stage.light.dark_ink, 0.35)), (-0.35, mixed(colour, stage.light.ground, 0.3))):
        touch = Brush(0.6 * size, tone, 0.8, 0.1, 0.4, 0.4, 0.3)
        sweep(sheet, dabs(moved(spots, 0.0, lift * size), size, 0.0), touch, chance.uniform(0.5, 1, count), opaque=True)


def of_its_own(stage: Stage, number: int) -> Spot:
    """Where a tree stands: on moss at the garden's back, across from the lantern, and no larger than the garden has room for."""
    share, y = (0.26 if stage.stands < 0.5 else 0.7) + 0.3 * number, stage.middle + 0.045
    island(stage, share, y, 13)
    return stage.spot(share, y, 40)


def _stones(stage: Stage, top: float, deep: float) -> None:
    """Groups of a tall, a broad and a low stone; a few rings are raked about each."""
    sheet = stage.sheet
    for share, down, size in ((0.2 if stage.stands > 0.4 else 0.66, 0.42, 4.6), (0.9 if stage.stands < 0.6 else 0.1, 0.62, 6.2)):
        y = top + down * deep
        island(stage, share, y, 4.6 * size)
        x = stage.x(share)
        for out, tall in ((-1.2, 0.62), (1.0, 0.5), (-0.1, 1.0)):
            foot = stage.y(y) + (0.5 if tall < 1 else 0.0) * sheet.unit
            rocks.rock(sheet, x + out * size * sheet.unit, foot, tall * size * sheet.unit, snowy=stage.snowy)


def _steps(stage: Stage, top: float, bottom: float) -> None:
    """Flat stones that wind from the viewer to the back, each smaller than the one before it."""
    sheet, count = stage.sheet, 9
    near = np.linspace(1, 0, count) ** 1.25
    y = top + 0.05 + (bottom - top - 0.06) * near
    x = stage.stands + 0.09 * np.sin(np.linspace(0, 4.5, count)) * (0.3 + near) + 0.03 * (-1.0) ** np.arange(count) * near
    for place, height, size in zip(x[::-1], y[::-1], (1.3 + 5.2 * near)[::-1], strict=True):
        stones.flat_stone(stage, stage.x(float(place)), stage.y(float(height)), float(size) * sheet.unit)
