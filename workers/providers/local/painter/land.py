"""What lies below: ranges of hills, fields and paths."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, sweep
from workers.providers.local.painter.noise import Plane, clouds, ridge
from workers.providers.local.painter.palette import Light, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.texture import Face, Hand, texture
from workers.providers.local.painter.washes import shape


def range_of_hills(sheet: Sheet, face: Face, *, hand: Hand = "hemp", mist: float = 1.0, snowy: bool = False) -> None:
    """One range: wet at the crest, gone in mist at the foot (twice as soon where `mist` is 2), then textured by `hand`."""
    line, near = face.line, face.near
    top = max(0, int(line.min()) - 2)
    rows = np.arange(top, sheet.height, dtype=np.float32)[:, None]
    depth = rows - line[None, :]
    wet = clouds(sheet.chance, sheet.width, sheet.height - top, 20 * sheet.unit, 5)
    fade = (15 + 10 * near) / mist * sheet.unit * (0.55 + 0.9 * wet)
    # Across its slope an edge is a pixel wide: counted down the column, one that is steep would be stairs.
    below = np.clip(depth / np.hypot(1, np.gradient(line)) + 0.5, 0, 1).astype(np.float32)
    body = below * np.exp(-np.clip(depth, 0, None) / fade)
    crest = 1 + 0.35 * np.exp(-np.clip(depth, 0, None) / (1.1 * sheet.unit))
    if snowy:
        body *= np.clip((depth / (9 * sheet.unit) + (wet - 0.5) * 1.6), 0.12, 1)
    # A range hides what is behind it, the moon too; its own foot is bare paper, which is mist.
    sheet.cover(Tile(0, top, below.astype(np.float32)), sheet.paper)
    sheet.wash(Tile(0, top, np.clip(body * crest * face.tone * (0.72 + 0.56 * wet), 0, 1).astype(np.float32)), face.ink)
    if near > 0.6:
        texture(sheet, face, hand)


def ground(
    sheet: Sheet, light: Light, line: float | Plane, tone: float = 0.75, wave: float = 0.03, *, bare: bool = True
) -> Plane:
    """A low hill's worth of earth from `line` (a share of the height) down; answers its edge, a row for each column.

    `bare` earth is swept with a dry brush; where grass grows that would be slabs of stone in it.
    """
    edge = outline(sheet, line, wave)
    top = int(np.clip(edge.min(), 0, sheet.height - 1))
    rows = np.arange(top, sheet.height, dtype=np.float32)[:, None]
    wet = clouds(sheet.chance, sheet.width, sheet.height - top, 26 * sheet.unit, 5, stretched=3)
    depth = rows - edge
    # The ink of the hills ends here, or it lies on the earth in blotches.
    sheet.cover(Tile(0, top, np.clip(depth / (5 * sheet.unit), 0, 1).astype(np.float32)), sheet.paper, 0.85)
    body = (
        np.clip(depth / (2.5 * sheet.unit * (0.2 + wet)), 0, 1)
        * (0.6 + 0.4 * wet)
        * (0.3 + 0.7 * np.exp(-np.clip(depth, 0, None) / (16 * sheet.unit)))
    )
    sheet.wash(Tile(0, top, np.clip(body, 0, 1).astype(np.float32)), light.ground, tone)
    # One light wash towards the viewer: clouds of ink would be mud.
    near = np.clip(depth / (1.02 - line) / sheet.height, 0, 1) ** 1.3 * (0.75 + 0.25 * wet)
    sheet.wash(Tile(0, top, near.astype(np.float32)), mixed(light.ground, light.dark_ink, 0.12 + 0.3 * light.dark), 0.75)
    if bare:
        _strokes(sheet, light, edge)
    return edge


def outline(sheet: Sheet, line: float | Plane, wave: float) -> Plane:
    """A row for each column, in pixels: `line`, a share of the height, as uneven as `wave`, and round: earth and snow slump."""
    rough, reach = ridge(sheet.chance, sheet.width, 50 * sheet.unit, 5, 0.45), int(3 * sheet.unit)
    bell = np.hanning(2 * reach + 3)[1:-1]
    rounded = np.convolve(np.pad(rough, reach, mode="reflect", reflect_type="odd"), bell / bell.sum(), "valid")
    return np.asarray((line + rounded * wave) * sheet.height, dtype=np.float32)


def dome(sheet: Sheet, crest: float, foot: float, top: float, lean: int) -> Plane:
    """The outline of a round hill: its crest and foot are shares of the height, `top` is where it is highest."""
    across = np.linspace(0, 1, sheet.width, dtype=np.float32)
    rough = ridge(sheet.chance, sheet.width, 40 * sheet.unit, 5, 0.45) * 0.012
    reach = np.where((across < top) == (lean > 0), 0.62, 0.38)
    return np.asarray(foot - (foot - crest) * np.exp(-(np.abs((across - top) / reach) ** 1.7)) + rough, dtype=np.float32)


def hill(sheet: Sheet, light: Light, line: Plane, *, bare: bool = True) -> None:
    """It hides what is behind it; `line` is its outline, shares of the height."""
    below = np.clip(np.arange(sheet.height, dtype=np.float32)[:, None] - line * sheet.height, 0, 1)
    sheet.cover(Tile(0, 0, below), mixed(sheet.paper, light.ground, 0.55))
    ground(sheet, light, line, 0.7, 0.0, bare=bare)
    columns = np.linspace(0, sheet.width - 1, 24).astype(int)
    outline = np.stack([columns, line[columns] * sheet.height], axis=1)[None]
    sweep(sheet, outline, Brush(1.1 * sheet.unit, light.dark_ink, 0.6, 0.75, 0.1, 0.1, 0.7))


def _strokes(sheet: Sheet, light: Light, edge: Plane) -> None:
    """Dry sideways sweeps where the earth lies bare, broader towards the viewer."""
    count = 34
    x = sheet.chance.uniform(-0.05, 0.95, count) * sheet.width
    top = edge[np.clip(x, 0, sheet.width - 1).astype(int)]
    near = sheet.chance.uniform(0, 1, count) ** 1.3
    y = top + near * (sheet.height - top)
    length = (5 + 20 * near) * sheet.unit
    bend = sheet.chance.normal(0, 0.05, count) * length
    shares = np.array([0, 0.5, 1.0])
    curves = np.stack([x[:, None] + length[:, None] * shares, y[:, None] + bend[:, None] * shares * (1 - shares) * 4], axis=2)
    tones = sheet.chance.uniform(0.1, 0.6, count)
    sweep(sheet, curves, Brush(1.6 * sheet.unit, light.dark_ink, 0.5, 0.85, 0.3, 0.6, 0.6), 0.3 + near, tones)


_SOIL: Colour = (0.66, 0.54, 0.42)


def trodden(edges: Curves, soft: float = 0.0) -> Tile:
    """What lies between two edges, left and right, in pixels."""
    left, right = edges
    return shape([(float(a), float(b)) for a, b in np.concatenate([left, right[::-1]])], straight=True, soft=soft)


def way(sheet: Sheet, light: Light, edges: Curves, lost: float = 0.0) -> None:
    """Trodden earth between two edges, left and right, in pixels; the furthest of it, `lost` pixels high, fades away."""
    track = trodden(edges, 0.25 * sheet.unit)
    rows = np.arange(len(track.mask), dtype=np.float32)[:, None]
    track = track._replace(mask=track.mask * np.clip(rows / max(lost, 0.01), 0.15, 1) if lost else track.mask)
    # Bare soil, browner than the ground it crosses: a pale one would be taken for a stream.
    soil = mixed(mixed(light.ground, _SOIL, 0.5), light.dark_ink, 0.05 + 0.4 * light.dark)
    sheet.cover(sheet.granulate(track, 0.12), soil, 0.95)
    _worn(sheet, light, edges)
    sweep(sheet, edges, Brush(0.9 * sheet.unit, light.ink, 0.5, 0.75, 0.1, 0.9, 0.5, 0.3))


def _worn(sheet: Sheet, light: Light, edges: Curves) -> None:
    """Where feet and wheels went: dry strokes that run with the way."""
    left, right = edges
    count = 12
    lanes = sheet.chance.uniform(0.08, 0.92, count)[:, None, None]
    starts = sheet.chance.integers(0, len(left) // 2, count)
    runs = np.stack([np.arange(start, start + len(left) // 3) for start in starts])
    ruts = left[runs] * (1 - lanes) + right[runs] * lanes
    width = float(np.linalg.norm(right[0] - left[0]))
    widths = np.linalg.norm(right - left, axis=1)[runs[:, 0]] / width
    sweep(
        sheet,
        ruts,
        Brush(0.09 * width, light.dark_ink, 0.22, 0.85, 0.4, 0.6, 0.5),
        0.15 + widths,
        sheet.chance.uniform(0.3, 1, count),
    )
