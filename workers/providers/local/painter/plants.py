"""Trees by name: each is planted at its root and reaches up into the picture."""

import numpy as np

from workers.providers.local.painter import persimmon as fruit
from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Curves, smooth, sweep
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed, seen_in
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.washes import disc, pooled

_TRIES = 5
"""Trees grown where something stands before or beside them, of which the one with the most room is painted."""

_FAR_LEAVES = 760
"""The most of one colour on a tree that is seen whole: they are small."""

_AUTUMN = (PIGMENTS["rust"], PIGMENTS["red"], PIGMENTS["ochre"])


def limbs_of(
    sheet: Sheet, spot: Spot, *, upright: float = 0.38, forks: int = 4, spread: float = 0.6, thick: float = 0.05
) -> list[trees.Limb]:
    size = spot.size * sheet.unit
    heading = np.pi / 2 - spot.lean * upright
    grown = (
        trees.grow(
            sheet, (spot.x, spot.y), heading, size * 0.42, size * thick * spot.stout, forks=forks, spread=spread, fence=spot.fence
        )
        for _ in range(_TRIES if spot.clear or spot.fence else 1)
    )
    return max((trees.spared(limbs, spot.clear) for limbs in grown), key=lambda limbs: _ease(limbs, spot, 0.05 * size))


def _ease(limbs: list[trees.Limb], spot: Spot, near: float) -> int:
    """How many limbs have room: those that end close to the fence stand there like the teeth of a comb, and a trunk is in the
    way of what it passes before."""
    crossing = 99 * any(clearing.holds(smooth(limbs[0].points[None], 60)[0]) for clearing in spot.clear)
    if spot.fence is None:
        return len(limbs) - crossing
    away = np.array([(limb.points[-1, 0] - spot.fence.x) * spot.fence.side for limb in limbs])
    return len(limbs) - crossing - 3 * int((away > -near).sum())


def maple(sheet: Sheet, spot: Spot, *, colours: tuple[Colour, ...] = _AUTUMN) -> None:
    colours = tuple(seen_in(spot.light, colour) for colour in colours)
    if _is_whole(sheet, spot):
        _whole_maple(sheet, spot, colours)
        return
    limbs = limbs_of(sheet, spot)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    for share, colour in zip((1, 2, 1), colours, strict=False):
        spots = trees.scatter(sheet, trees.tips(limbs), share, 1.8 * sheet.unit)
        trees.maple_leaves(sheet, spots, (0.7 + 0.02 * spot.size) * sheet.unit, colour)


def _is_whole(sheet: Sheet, spot: Spot) -> bool:
    """Whether it is seen from so far that its foot is in the picture: its leaves are small then, and its crown is one."""
    return spot.y < 0.97 * sheet.height and spot.size < 64


def _whole_maple(sheet: Sheet, spot: Spot, colours: tuple[Colour, ...]) -> None:
    limbs, unit = _raised(limbs_of(sheet, spot)), sheet.unit
    masses = _crown(sheet, limbs)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    shade = mixed(colours[0], PIGMENTS["ink"], 0.35)
    for share, colour in zip((3, 3, 6, 4), (shade, *colours), strict=False):
        spots = trees.scatter(sheet, masses, share, 0.042 * spot.size * unit, _FAR_LEAVES)
        trees.maple_leaves(sheet, spots, 0.0165 * spot.size * unit, colour)


def green_maple(sheet: Sheet, spot: Spot) -> None:
    maple(sheet, spot, colours=(PIGMENTS["green"], PIGMENTS["moss"], PIGMENTS["green"]))


def cherry(sheet: Sheet, spot: Spot) -> None:
    limbs, whole = limbs_of(sheet, spot, spread=0.7), _is_whole(sheet, spot)
    limbs = _raised(limbs) if whole else limbs
    trees.bark(sheet, limbs, snowy=spot.snowy)
    size = (0.022 * spot.size if whole else 0.75 + 0.017 * spot.size) * sheet.unit
    pale, pink = (seen_in(spot.light, colour, 0.4) for colour in ((0.95, 0.74, 0.76), (0.94, 0.66, 0.70)))
    spots, each, reach, most = trees.tips(limbs), 3, 1.5 * sheet.unit, trees.MOST
    if whole:
        spots, each, reach, most = _crown(sheet, limbs), 4, 0.03 * spot.size * sheet.unit, _FAR_LEAVES
    trees.foliage(sheet, spots, size * 0.55, pale)
    blooms = trees.scatter(sheet, spots, each, reach, most)
    trees.blossoms(sheet, blooms, size, pink, base=seen_in(spot.light, WHITE, 0.4))


def bare(sheet: Sheet, spot: Spot) -> None:
    trees.bark(sheet, limbs_of(sheet, spot, forks=5, spread=0.55), snowy=spot.snowy)


def last_leaf(sheet: Sheet, spot: Spot) -> None:
    limbs = limbs_of(sheet, spot, forks=4, spread=0.6)
    trees.bark(sheet, limbs)
    # The tip furthest towards the middle of the picture, where the eye lands.
    ends = np.stack([limb.points[-1] for limb in limbs if limb.order >= 2])
    ends = ends[ends[:, 1] > 8 * sheet.unit]
    tip = ends[np.argmax(ends[:, 0] * spot.lean - 0.9 * ends[:, 1])] + (0, 1.5 * sheet.unit)
    trees.maple_leaves(sheet, tip[None], 4.2 * sheet.unit, PIGMENTS["red"])


def camellia(sheet: Sheet, spot: Spot) -> None:
    """A few red flowers among dark leaves."""
    limbs = limbs_of(sheet, spot, forks=3, spread=0.7)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    spots = trees.tips(limbs, 2)
    trees.leaves(sheet, trees.scatter(sheet, spots, 2, 2 * sheet.unit), 3.4 * sheet.unit, (0.16, 0.24, 0.18))
    for x, y in sheet.chance.permutation(spots)[:8]:
        bloom = disc(float(x), float(y), 2.6 * sheet.unit, 1.0)
        sheet.cover(bloom, mixed(PIGMENTS["red"], WHITE, 0.15))
        sheet.wash(pooled(sheet, bloom, 0.6, sheet.unit), PIGMENTS["red"], 0.9)
        sheet.cover(disc(float(x), float(y) + 0.4 * sheet.unit, 0.8 * sheet.unit), PIGMENTS["gold"])


def persimmon(sheet: Sheet, spot: Spot) -> None:
    """Fruit like lamps on a tree with a few last leaves."""
    limbs = limbs_of(sheet, spot, forks=4, spread=0.7)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    spots = sheet.chance.permutation(trees.tips([limb for limb in limbs if limb.order >= 2]))[:14]
    trees.leaves(sheet, spots, 2.6 * sheet.unit, PIGMENTS["rust"], droop=1.3, spread=0.5)
    fruit.hang(sheet, fruit.fruits(sheet, limbs, (1.0 + 0.013 * spot.size) * sheet.unit))


def ginkgo(sheet: Sheet, spot: Spot) -> None:
    """A crown of gold."""
    _crowned(sheet, spot, (PIGMENTS["ochre"], PIGMENTS["gold"]))


def broadleaf(sheet: Sheet, spot: Spot) -> None:
    _crowned(sheet, spot, (PIGMENTS["moss"], PIGMENTS["green"]))


def _crowned(sheet: Sheet, spot: Spot, colours: tuple[Colour, Colour]) -> None:
    """Masses of leaf before the limbs: wood shows only between."""
    colours = (seen_in(spot.light, colours[0]), seen_in(spot.light, colours[1]))
    limbs, unit = _raised(limbs_of(sheet, spot, spread=0.65, thick=0.058)), sheet.unit
    masses = _crown(sheet, limbs)
    # A breath of green under all of it: far hills are not seen through a crown.
    _rounds(sheet, masses, mixed(*colours, 0.3), 0.32, 0.042 * spot.size, soft=0.3)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    # Mass by mass from the lowest, each with its own leaves: its lit head stands before the shade of the one above.
    for group in np.array_split(masses[np.argsort(-masses[:, 1])], 6):
        _leafed(sheet, group, colours, (0.072 * spot.size * unit, (0.75 + 0.011 * spot.size) * unit))


def _leafed(sheet: Sheet, masses: trees.Spots, colours: tuple[Colour, Colour], sizes: tuple[float, float]) -> None:
    """Leaf upon leaf, no blur between them: in each mass shade below, its own colour over that, light on its head."""
    (dark, pale), (reach, leaf), chance = colours, sizes, sheet.chance
    for count, out, lift, colour in (
        (16, 1.0, 0.18, mixed(dark, PIGMENTS["ink"], 0.35)),
        (16, 0.9, -0.05, mixed(dark, pale, 0.35)),
        (10, 0.72, -0.36, mixed(pale, WHITE, 0.16)),
    ):
        turn = chance.uniform(0, 2 * np.pi, (len(masses), count))
        away = out * reach * np.sqrt(chance.uniform(0, 1.15, turn.shape))
        around = np.stack([away * np.cos(turn), 0.8 * away * np.sin(turn) + lift * reach], axis=2)
        spots = (masses[:, None] + around).reshape(-1, 2)
        angles = 0.6 * turn.reshape(-1, 1) + chance.normal(0, 0.5, (len(spots), 1))
        lengths = leaf * chance.uniform(0.6, 1.25, (len(spots), 1))
        touch = Brush(0.55 * leaf, colour, 0.95, 0.1, 0.4, 0.6, 0.2)
        sweep(sheet, trees.rays(spots, angles, 0, lengths), touch, 1.0, chance.uniform(0.55, 1, len(spots)), opaque=True)


def _raised(limbs: list[trees.Limb]) -> list[trees.Limb]:
    """Without those that end low: a crown begins above its trunk."""
    foot, top = limbs[0].points[0, 1], min(limb.points[:, 1].min() for limb in limbs)
    return trees.pruned(limbs, lambda limb: bool(limb.points[-1, 1] >= foot - 0.55 * (foot - top)))


def _crown(sheet: Sheet, limbs: list[trees.Limb]) -> trees.Spots:
    """Every limb's end, so that none stands out bare, the leader from halfway up, and places between two ends, so that the crown
    is one."""
    ends = np.concatenate([limbs[0].points[len(limbs[0].points) // 2 :], *(limb.points[-3::2] for limb in limbs)])
    one, other = (sheet.chance.integers(0, len(ends), 60) for _ in range(2))
    return np.concatenate([ends, (ends[one] + ends[other]) / 2])


def _rounds(sheet: Sheet, spots: trees.Spots, colour: Colour, strength: float, size: float = 4.0, soft: float = 0.8) -> None:
    """Blots about as large as `size`, in units; `soft` is how far they bleed, in shares of that."""
    for x, y in spots:
        reach = sheet.chance.uniform(0.75, 1.25) * size * sheet.unit
        sheet.wash(sheet.granulate(disc(float(x), float(y), reach, soft * reach), 0.6), colour, strength)


def willow(sheet: Sheet, spot: Spot) -> None:
    _hanging(sheet, spot, PIGMENTS["green"], 1.5)


def _hanging(sheet: Sheet, spot: Spot, colour: Colour, size: float) -> None:
    """Strands fall from the whole crown, all swayed by one wind, their leaves along them."""
    limbs, unit = limbs_of(sheet, spot, upright=0.2, forks=4, spread=0.6, thick=0.042), sheet.unit
    starts = trees.scatter(sheet, trees.tips(limbs, 2), 2, 1.4 * unit)[:170]
    _rounds(sheet, starts[::6], colour, 0.22)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    curves = _strands(sheet, spot, starts)
    tones = sheet.chance.uniform(0.4, 1, len(curves))
    sweep(sheet, curves, Brush(0.3 * unit, PIGMENTS["moss"], 0.7, 0.3, 0.1, 0.6), 1.0, tones)
    beads = curves[:, 1:].reshape(-1, 2)
    beads = beads + sheet.chance.normal(0, 0.5 * unit, beads.shape)
    trees.leaves(sheet, beads, size * unit, colour, droop=1.5, spread=0.3)


def _strands(sheet: Sheet, spot: Spot, starts: trees.Spots) -> Curves:
    """From each start out and down; longer the higher it hangs, so that they end at about one height."""
    low, high = starts[:, 1].max(), starts[:, 1].min()
    drop = (
        (0.25 + 0.75 * (low - starts[:, 1]) / (low - high)) * sheet.chance.uniform(0.4, 0.8, len(starts)) * spot.size * sheet.unit
    )
    shares = np.linspace(0, 1, 8)
    out = 0.1 * drop[:, None] * np.sign(starts[:, :1] - starts[:, 0].mean()) * np.sin(shares * 2.2)
    sway = spot.lean * 4 * sheet.unit * shares**2
    return np.asarray(np.stack([starts[:, :1] + out + sway, starts[:, 1:] + drop[:, None] * shares**1.25], axis=2))
