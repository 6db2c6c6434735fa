"""Trees: branches that fork by chance, and what grows at their tips."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from workers.providers.local.painter.brush import Brush, Curves, dabs, moved, ribbons, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.roots import UNDER_BARK, flare, toes
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import disc

Spots = npt.NDArray[np.float64]
"""Places by (x, y), in pixels."""


THINNING = 0.74
"""What is left of a limb's width from one fork to the next."""

_TWIG = 0.16
"""What is left of it at its last twig."""

_WANDERS = 0.75  # How far a limb turns from its first way, in radians: let go on, it would curl up like a fern.

MOST = 270
"""Blossoms or leaves painted at once: more would not be told apart."""


class Fence(NamedTuple):
    """A line from top to bottom at `x`, in pixels; what lies on its `side` (-1 left, 1 right) is kept clear."""

    x: float
    side: int


class Clearing(NamedTuple):
    """A part of the picture that boughs keep out of, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, points: npt.NDArray[np.float64]) -> bool:
        """Whether any of the points, (x, y), lies in it."""
        x, y = points.T
        return bool(((x > self.left) & (x < self.right) & (y > self.top) & (y < self.bottom)).any())


class Limb(NamedTuple):
    """One branch from where it leaves another to its last twig: its points, its first width, how often it had forked by then."""

    points: npt.NDArray[np.float64]
    width: float
    order: int


_STEPS = 4
"""Points from one fork to the next."""


class Bud(NamedTuple):
    """Where a branch begins: its place, its heading, its length to the first fork and its width."""

    at: npt.NDArray[np.float64]
    heading: float
    long: float
    wide: float
    order: int


def grow(
    sheet: Sheet,
    root: tuple[float, float],
    heading: float,
    length: float,
    width: float,
    *,
    forks: int = 4,
    spread: float = 0.6,
    fence: Fence | None = None,
) -> list[Limb]:
    """Limbs from `root`; `heading` in radians (0 is right, a quarter turn up), `length` and `width` of the trunk in pixels.

    At every fork a limb goes on and two branches leave its sides, until it has forked `forks` times.
    Limbs that would cross the fence turn up and back.
    """
    limbs: list[Limb] = []
    waiting = [Bud(np.array(root), heading, length, width, 0)]
    while waiting:
        limb, buds = _limb(sheet, waiting.pop(), forks, spread, fence)
        limbs.append(limb)
        waiting += buds
    return limbs


def _limb(sheet: Sheet, bud: Bud, forks: int, spread: float, fence: Fence | None) -> tuple[Limb, list[Bud]]:
    points, buds, toward, long, wide = [bud.at], [], bud.heading, bud.long, bud.wide
    for order in range(bud.order, forks + 1):
        turns = toward + np.cumsum(sheet.chance.normal(0, 0.12 if order else 0.09, _STEPS))
        turns, long = _kept_clear(turns, long, points[-1], fence if order else None)
        points += list(points[-1] + _way(turns, long))
        lean = sheet.chance.choice([-1, 1])
        if order < forks:
            buds += _buds(sheet, points[-_STEPS:], turns, Bud(bud.at, lean * spread, long, wide * 0.5, order + 1))
        toward = float(np.clip(turns[-1] - lean * sheet.chance.uniform(0.1, 0.4), bud.heading - _WANDERS, bud.heading + _WANDERS))
        long, wide = long * 0.78, wide * THINNING
    return Limb(np.array(points), bud.wide, bud.order), buds


def _way(turns: npt.NDArray[np.float64], long: float) -> npt.NDArray[np.float64]:
    return np.asarray(np.cumsum(np.stack([np.cos(turns), -np.sin(turns)], axis=1) * long / _STEPS, axis=0))


_YIELDS = 0.75
"""How far a limb turns away from a fence between two forks, in radians; one that turned back altogether would be a hook."""


def _kept_clear(
    turns: npt.NDArray[np.float64], long: float, at: npt.NDArray[np.float64], fence: Fence | None
) -> tuple[npt.NDArray[np.float64], float]:
    """Cut off, it would leave a stump; before the fence it grows short and bends up, as trees do by a wall."""
    over = (at[0] + _way(turns, long)[-1, 0] - fence.x) * fence.side if fence else 0.0
    if fence is None or over <= 0:
        return turns, long
    room = np.clip((fence.x - at[0]) * fence.side / ((fence.x - at[0]) * fence.side + over), 0.22, 1)
    away = np.clip(np.pi / 2 + fence.side * 0.3 - turns[0], -_YIELDS, _YIELDS)
    return np.asarray(turns + away * np.linspace(0.3, 1, _STEPS)), long * float(room)


def _buds(sheet: Sheet, points: list[npt.NDArray[np.float64]], turns: npt.NDArray[np.float64], bud: Bud) -> list[Bud]:
    """Two branches on either side, where no chance spares one; `bud.heading` is how far and to which side the first turns."""
    buds = []
    for place, side in ((2, 1), (1, -1)):
        if sheet.chance.uniform() < 0.14:
            continue
        turn = turns[place] + side * bud.heading * sheet.chance.uniform(0.75, 1.45)
        buds.append(bud._replace(at=points[place], heading=turn, long=bud.long * sheet.chance.uniform(0.5, 0.75)))
    return buds


def spared(limbs: list[Limb], clear: tuple[Clearing, ...]) -> list[Limb]:
    """Without the boughs that pass through a clearing, and without what grows from those; the trunk stays."""
    return pruned(limbs, lambda limb: any(clearing.holds(limb.points) for clearing in clear)) if clear else limbs


def pruned(limbs: list[Limb], gone: Callable[[Limb], bool]) -> list[Limb]:
    """The trunk, and whatever is not `gone` itself and does not grow from what is; a limb is named after the one it leaves."""
    kept = [limbs[0]]
    for limb in limbs[1:]:
        if not gone(limb) and any(_leaves(limb, other) for other in kept if other.order < limb.order):
            kept.append(limb)
    return kept


def _leaves(limb: Limb, other: Limb) -> bool:
    """Whether it begins on the other, give or take the breadth of that."""
    nearest = np.hypot(*(other.points - limb.points[0]).T).min()
    apart = np.hypot(*np.diff(other.points, axis=0).T).max()
    return bool(nearest <= max(0.5 * apart, other.width))


def bark(sheet: Sheet, limbs: list[Limb], ink: Colour = INK, *, snowy: bool = False, flared: bool = True) -> None:
    """Twigs first and the trunk last, dry over wet, each limb in one stroke that thins all the way.

    Where it is `flared` its foot swells; a pine's has roots of its own.
    """
    if flared:
        flare(sheet, limbs[0].points, limbs[0].width, ink)
    toes(sheet, limbs[0].points, limbs[0].width, ink)
    for order in sorted({limb.order for limb in limbs}, reverse=True):
        chosen = [limb for limb in limbs if limb.order == order]
        width = max(limb.width for limb in chosen)
        widths = np.array([limb.width for limb in chosen]) / width
        _limbs(sheet, np.stack([limb.points for limb in chosen]), width, widths, ink, stout=order < 2)
        if snowy:
            cap = Brush(max(width * 0.55, 0.4 * sheet.unit), WHITE, 0.95, 0.3, 0.05, 0.2, 0.6, 0.3)
            sweep(sheet, np.stack([limb.points for limb in chosen]) - (0, width * 0.42), cap, widths, opaque=True)


def _limbs(sheet: Sheet, curves: Curves, width: float, widths: npt.NDArray[np.float64], ink: Colour, *, stout: bool) -> None:
    """A limb begins inside the one it leaves, or its cut end shows."""
    curves[:, 0] -= (curves[:, 1] - curves[:, 0]) * 0.12
    brush = Brush(width, ink, 0.62 if stout else 0.86, 0.12, 0.0, 0.12, 0.3, _TWIG)
    body = ribbons(sheet, curves, replace(brush, width=width * 0.9, dry=0, ragged=0.05), widths, np.ones(len(curves)))
    sheet.cover(body._replace(mask=np.clip(body.mask * 1.6, 0, 1)), UNDER_BARK)
    sweep(sheet, curves, brush, widths)
    if stout:
        rough = replace(brush, width=width * 0.8, strength=0.8, dry=0.62, ragged=0.5)
        sweep(sheet, curves + width * 0.12, rough, widths)
        _knots(sheet, curves, width, ink)


def _knots(sheet: Sheet, curves: Curves, width: float, ink: Colour) -> None:
    """On the lower half of each limb, where it is thick enough to have them."""
    spots = curves[:, 1 : 2 + curves.shape[1] // 3].reshape(-1, 2)
    spots = spots[np.argsort(sheet.chance.uniform(size=len(spots)))[: max(2, len(spots) // 2)]]
    offset = sheet.chance.normal(0, width * 0.2, spots.shape)
    marks = np.stack([spots + offset, spots + offset + sheet.chance.normal(0, width * 0.2, spots.shape)], axis=1)
    sweep(sheet, marks, Brush(width * 0.3, ink, 0.8, 0.1, 0.4, 0.5, 0.5))


def tips(limbs: list[Limb], least: int = 3) -> Spots:
    """Where leaves and blossoms sit: all along limbs that have forked `least` times."""
    return np.concatenate([limb.points[1 + _STEPS * max(0, least - limb.order) :] for limb in limbs])


def scatter(sheet: Sheet, spots: Spots, each: int, reach: float, most: int = MOST) -> Spots:
    """`each` places about every spot, within about `reach` pixels; no more than `most`."""
    chosen = spots.repeat(each, axis=0)
    if len(chosen) > most:
        chosen = chosen[sheet.chance.permutation(len(chosen))[:most]]
    return np.asarray(chosen + sheet.chance.normal(0, reach, chosen.shape))


def rays(centres: Spots, angles: npt.NDArray[np.float64], inner: float, lengths: npt.NDArray[np.float64]) -> Curves:
    """Short straight strokes about their centres: every centre has a row of `angles` and `lengths`."""
    way = np.stack([np.cos(angles), np.sin(angles)], axis=2)
    start = centres[:, None] + way * inner
    end = centres[:, None] + way * lengths[..., None]
    return np.stack([start, (start + end) / 2, end], axis=2).reshape(-1, 3, 2)


def blossoms(
    sheet: Sheet, spots: Spots, size: float, colour: Colour, heart: Colour = PIGMENTS["red"], base: Colour = WHITE
) -> None:
    """Five round petals about a heart; half a bloom is seen from the side. `size` in pixels."""
    count = len(spots)
    turn = sheet.chance.uniform(0, 6.3, (count, 1)) + np.arange(5) * 1.2566
    sizes = size * sheet.chance.uniform(0.55, 1.15, (count, 1)) * sheet.chance.uniform(0.75, 1.1, (count, 5))
    petals = rays(spots, turn, size * 0.12, sizes)
    petals[..., 1] = spots.repeat(5, axis=0)[:, None, 1] + (petals[..., 1] - spots.repeat(5, axis=0)[:, None, 1]) * 0.8
    widths = sizes.ravel() / size
    tone = sheet.chance.uniform(0.45, 1, count).repeat(5)
    tile = ribbons(sheet, petals, Brush(size * 0.8, colour, 0.85, 0.3, 0.75, 0.35), widths, tone)
    sheet.cover(tile._replace(mask=np.clip(tile.mask * 2.6, 0, 1)), base, 0.9)
    sheet.wash(tile, colour, 0.85)
    stamens = rays(spots, turn, 0.0, sizes * 0.42)
    sweep(sheet, stamens, Brush(size * 0.13, heart, 0.6, 0.1, 0.2, 0.1), 1.0, tone)


def maple_leaves(sheet: Sheet, spots: Spots, size: float, colour: Colour) -> None:
    """Five pointed fingers from a stem, hanging as they like."""
    count = len(spots)
    hang = sheet.chance.normal(1.57, 0.9, (count, 1))
    fingers = hang + np.array([-1.5, -0.75, 0, 0.75, 1.5])
    lengths = size * np.array([0.6, 0.9, 1.15, 0.9, 0.6]) * sheet.chance.uniform(0.6, 1.2, (count, 1))
    tone = sheet.chance.uniform(0.4, 1, count).repeat(5)
    _over(sheet, rays(spots, fingers, 0.0, lengths), Brush(size * 0.46, colour, 0.95, 0.18, 0.35, 0.65, 0.3), tone)


def leaves(sheet: Sheet, spots: Spots, size: float, colour: Colour, *, droop: float = 0.7, spread: float = 0.9) -> None:
    """Plain pointed leaves; they point down by `droop` radians, one more than the next by about `spread`."""
    angles = sheet.chance.normal(droop, spread, (len(spots), 1))
    lengths = size * sheet.chance.uniform(0.6, 1.3, (len(spots), 1))
    tones = sheet.chance.uniform(0.35, 1, len(spots))
    _over(sheet, rays(spots, angles, 0, lengths), Brush(size * 0.42, colour, 0.9, 0.15, 0.4, 0.6), tones)


def _over(sheet: Sheet, strokes: Curves, brush: Brush, tones: npt.NDArray[np.float64]) -> None:
    """Leaves hide what is behind them: paler below, their own colour on top."""
    tile = ribbons(sheet, strokes, brush, np.ones(len(strokes)), tones)
    sheet.cover(tile._replace(mask=np.clip(tile.mask * 2.2, 0, 1)), mixed(brush.ink, WHITE, 0.35), 0.9)
    sheet.wash(tile, brush.ink, brush.strength)


def foliage(sheet: Sheet, spots: Spots, size: float, colour: Colour) -> None:
    """Leaf upon leaf, seen from afar: wet rounds, then dabs."""
    for x, y in spots[:: max(1, len(spots) // 55)]:
        round_ = sheet.granulate(disc(float(x), float(y), size * sheet.chance.uniform(1.5, 3), size * 1.8), 0.6)
        sheet.wash(round_, colour, 0.4)
    leaves(sheet, scatter(sheet, spots, 5, size * 1.6), size, colour)


def needles(sheet: Sheet, spots: Spots, size: float, colour: Colour) -> None:
    """A pine's fans: each a half wheel of needles over a breath of green, which ends before they do."""
    breath = dabs(moved(spots, -0.5 * size, -0.3 * size), size, 0.0)
    sweep(sheet, breath, Brush(0.85 * size, PIGMENTS["moss"], 0.3, 0.1, 0.5, 0.5, 0.3))
    turned = sheet.chance.normal(0, 0.12, (len(spots), 1)) + np.linspace(-3.3, 0.15, 19)
    angles = turned + sheet.chance.normal(0, 0.06, turned.shape)
    lengths = size * sheet.chance.uniform(0.75, 1.15, angles.shape) * (1 - 0.25 * np.abs(np.cos(angles)))
    sweep(
        sheet,
        rays(spots, angles, size * 0.08, lengths),
        Brush(size * 0.085, colour, 0.85, 0.2, 0.1, 0.7),
        1.0,
        sheet.chance.uniform(0.5, 1, angles.size),
    )
