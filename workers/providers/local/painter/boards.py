"""Wood underfoot and under things: a veranda's planks, a floor, a desk beneath a window."""

import numpy as np

from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

WOOD: Colour = (0.32, 0.24, 0.19)
_WORN: Colour = (0.60, 0.47, 0.36)

DIM = frozenset({"dark", "dim"})

DESK_ENDS = 0.945
"""Where its near edge is, a share of the height."""


def floor(stage: Stage, top: float) -> None:
    """Dark planks towards the viewer from `top`, a share of the height; worn pale in the middle."""
    sheet, first = stage.sheet, int(stage.y(top))
    down = np.linspace(0, 1, sheet.height - first, dtype=np.float32)[:, None]
    across = np.abs(np.linspace(-1, 1, sheet.width, dtype=np.float32) + (0.2 if not stage.turned else -0.2))
    worn = np.clip(0.34 + 0.4 * across**2 + 0.34 * down**2, 0, 1) * (0.75 + 0.5 * sheet.mottle[first:])
    sheet.cover(Tile(0, first, np.ones_like(worn)), sheet.paper, 0.97)
    sheet.wash(Tile(0, first, np.clip(worn, 0, 1).astype(np.float32)), (0.30, 0.24, 0.21), 0.95)
    middle = sheet.width * stage.share(0.42)
    ends = np.linspace(-0.3, 1.3, 9) * sheet.width
    seams = np.array(
        [[(middle + (x - middle) * 0.62, stage.y(top)), (middle + (x - middle) * 1.5, sheet.height + 4.0)] for x in ends]
    )
    _grain(stage, seams)
    sweep(sheet, seams, Brush(0.8 * sheet.unit, INK, 0.7, 0.6, 0.1, 0.1, 0.5), sheet.chance.uniform(0.5, 1.3, 9))
    edge = np.array([[(x, stage.y(top)) for x in np.linspace(-5, sheet.width + 5, 6)]])
    sweep(sheet, edge, Brush(1.5 * sheet.unit, INK, 0.85, 0.4, 0.02, 0.02, 0.25))
    _shaded(stage, first)


def _grain(stage: Stage, seams: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]) -> None:
    """Dry hairs that run with the planks, between their seams."""
    chance, count = stage.sheet.chance, 70
    plank, share = chance.integers(0, len(seams) - 1, count), chance.uniform(0.1, 0.9, (count, 1, 1))
    lanes = seams[plank] * (1 - share) + seams[plank + 1] * share
    start, long = chance.uniform(0, 0.8, (count, 1, 1)), chance.uniform(0.15, 0.5, (count, 1, 1))
    way = lanes[:, 1:] - lanes[:, :1]
    hairs = lanes[:, :1] + way * np.concatenate([start, start + 0.5 * long, start + long], axis=1)
    sweep(stage.sheet, hairs, Brush(0.5 * stage.sheet.unit, INK, 0.4, 0.75, 0.3, 0.5, 0.4), tones=chance.uniform(0.2, 0.8, count))


def desk(stage: Stage, top: float) -> None:
    """A broad board from side to side, its grain level, worn pale towards the light; its near edge is in the shade."""
    sheet, first, last = stage.sheet, int(stage.y(top)), int(stage.y(DESK_ENDS))
    deep = np.linspace(0, 1, last - first, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, sheet.width, dtype=np.float32)
    far = np.clip(1.15 - 0.45 * deep - 0.5 * np.abs(across + 0.15 * stage.lean) ** 2, 0, 1)
    worn, wood = mixed(_WORN, sheet.paper, 0.35), mixed(_WORN, WOOD, 0.45)
    shade = 0.42 * stage.light.dark
    board = Tile(0, first, np.ones((last - first, sheet.width), dtype=np.float32))
    sheet.cover(board, mixed(wood, (0.13, 0.14, 0.18), shade))
    sheet.cover(sheet.granulate(Tile(0, first, far.astype(np.float32)), 0.25), mixed(worn, (0.20, 0.22, 0.28), 1.35 * shade), 0.8)
    rows = (np.linspace(0, 1, last - first) ** 1.5 * 170).astype(np.int32) + int(sheet.chance.integers(80))
    columns = (np.arange(sheet.width) * 0.45 + sheet.chance.uniform(0, 400)).astype(np.int32) % 1024
    grain = sheet.bristles[rows[:, None] % 256, columns]
    sheet.wash(Tile(0, first, np.clip((grain - 0.42) * 1.1, 0, 1).astype(np.float32)), WOOD, 0.6)
    _seams(stage, first, last)
    _near_edge(stage, last)
    _shaded(stage, first)


def _seams(stage: Stage, first: int, last: int) -> None:
    """Where its planks meet, further apart towards the viewer."""
    sheet, ends = stage.sheet, np.array([-0.02, 0.3, 0.65, 1.02]) * stage.sheet.width
    heights = first + np.array([0.0, 0.2, 0.52]) * (last - first)
    lines = np.stack([np.stack([ends, y + sheet.chance.normal(0, 0.12, 4) * sheet.unit], axis=1) for y in heights])
    sweep(sheet, lines, Brush(0.9 * sheet.unit, INK, 0.8, 0.5, 0.02, 0.05, 0.5), (1.3, 0.7, 1.0))


def _near_edge(stage: Stage, last: int) -> None:
    sheet = stage.sheet
    band = Tile(0, last, np.ones((sheet.height - last, sheet.width), dtype=np.float32))
    sheet.cover(band, mixed(WOOD, INK, 0.2 + 0.3 * stage.light.dark))
    sheet.wash(sheet.granulate(band._replace(mask=band.mask * 0.5), 0.7), INK, 0.6)
    rim = np.array(
        [[(-4.0, last + 0.3 * sheet.unit), (0.5 * sheet.width, float(last)), (sheet.width + 4.0, last + 0.3 * sheet.unit)]]
    )
    sweep(
        sheet,
        rim,
        Brush(0.8 * sheet.unit, mixed(_WORN, WHITE, 0.3), 0.6 - 0.4 * stage.light.dark, 0.5, 0.02, 0.02, 0.4),
        opaque=True,
    )


def _shaded(stage: Stage, first: int) -> None:
    """In a dim room the wood is no brighter than the wall."""
    if stage.view.words & DIM and stage.light.dark < 0.5:
        below = np.ones((stage.sheet.height - first, stage.sheet.width), dtype=np.float32)
        stage.sheet.wash(Tile(0, first, below), (0.52, 0.51, 0.53), 0.85)


POST = (0.02, 0.082)
"""Where a veranda's post stands, shares of the width from the full side."""


def sunshine(stage: Stage, top: float) -> None:
    """The sun on a veranda from `top` on: warm planks, and the shadow of the post across them."""
    sheet, shade = stage.sheet, np.ones((stage.sheet.height, stage.sheet.width), dtype=np.float32)
    shade[: int(stage.y(top))] = 0
    corners = [
        (stage.x(POST[0]), stage.y(top)),
        (stage.x(POST[1]), stage.y(top)),
        (stage.x(0.62), stage.y(1.02)),
        (stage.x(0.4), stage.y(1.02)),
    ]
    rows, columns, mask = sheet.inside(shape(corners, straight=True, soft=0.6 * sheet.unit))
    shade[rows, columns] *= 1 - mask
    first = int(stage.y(top))
    sheet.cover(sheet.granulate(Tile(0, first, shade[first:]), 0.3), (1.0, 0.93, 0.78), 0.34)


def post(stage: Stage, foot: float) -> None:
    """The veranda's, at the full side: one dark upright that hides what is behind it, its grain along it."""
    sheet, y, unit = stage.sheet, stage.y(foot), stage.sheet.unit
    sides = [stage.x(share) for share in POST]
    body = shape([(sides[0], -5.0), (sides[1], -5.0), (sides[1], y), (sides[0], y)], straight=True)
    sheet.wash(
        shape(
            [(sides[0], y - unit), (sides[1] + 5 * unit, y), (sides[1] + 6 * unit, y + 2.2 * unit), (sides[0], y + unit)],
            soft=unit,
        ),
        INK,
        0.4,
    )
    colour = mixed(mixed(WOOD, INK, 0.35), sheet.paper, 0.12)
    for _ in range(2):
        sheet.cover(body, colour)
    left, right = sorted(sides)
    x = sheet.chance.uniform(left, right, 26)
    top = sheet.chance.uniform(-0.1, 0.6, 26) * y
    long = sheet.chance.uniform(0.15, 0.5, 26) * y
    grain = np.stack(
        [np.stack([x, top], axis=1), np.stack([x + sheet.chance.normal(0, 0.5, 26), np.minimum(top + long, y)], axis=1)], axis=1
    )
    sweep(sheet, grain[:16], Brush(0.9 * unit, INK, 0.7, 0.7, 0.2, 0.4, 0.5))
    sweep(sheet, grain[16:], Brush(0.8 * unit, mixed(colour, WHITE, 0.35), 0.5, 0.75, 0.2, 0.4, 0.5), opaque=True)
    edges = np.array([[(x, -4.0), (x, y)] for x in sides])
    sweep(sheet, edges, Brush(0.7 * unit, INK, 0.85, 0.35, 0.02, 0.02, 0.4))
