"""Water: the sea and its waves, lakes and ponds, falls."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, moved, sweep
from workers.providers.local.painter.noise import Chance, clouds, ridge
from workers.providers.local.painter.palette import WHITE, Light, mixed
from workers.providers.local.painter.reflection import hung
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import shape

_BLUE: Colour = (0.42, 0.53, 0.62)


def sea(sheet: Sheet, light: Light, line: float, *, rough: bool = False) -> None:
    """From the horizon at `line` down: bands of deep and pale, and the brush's broken crests."""
    top = int(line * sheet.height)
    rows = np.linspace(0, 1, sheet.height - top, dtype=np.float32)[:, None]
    sheet.cover(Tile(0, top, np.broadcast_to(np.clip(rows * 40, 0, 1), (len(rows), sheet.width))), sheet.paper, 0.85)
    bands = clouds(sheet.chance, sheet.width, sheet.height - top, 12 * sheet.unit, 4, stretched=7)
    deep = np.clip(0.78 - rows * 0.45 + (bands - 0.5) * (1.0 + rows), 0, 1) * np.clip(rows * 60, 0, 1)
    blue = mixed(_BLUE, light.ink, 0.25 + 0.5 * light.dark)
    sheet.wash(Tile(0, top, deep.astype(np.float32)), blue, 0.72)
    ripples(sheet, light, line + 0.02, 1.0, 70 if rough else 46, 1.9 if rough else 1.0)


def deepen(sheet: Sheet, light: Light, line: float) -> None:
    """Water that is called dark or deep: ink over all of it from `line` down, least where the sky still lies in it."""
    first = int(line * sheet.height)
    down = np.linspace(0, 1, sheet.height - first, dtype=np.float32)[:, None]
    bands = clouds(sheet.chance, sheet.width, len(down), 14 * sheet.unit, 4, stretched=6)
    deep = np.clip(down * 9, 0, 1) * np.clip(0.75 + 0.3 * down + 0.7 * (bands - 0.5), 0, 1)
    sheet.wash(Tile(0, first, deep.astype(np.float32)), light.dark_ink, 0.62)


def ripples(sheet: Sheet, light: Light, top: float, bottom: float, count: int, height: float = 1.0) -> None:
    """Broken horizontal strokes, wider and further apart towards the viewer."""
    near = sheet.chance.uniform(0, 1, count) ** 1.4
    y = (top + (bottom - top) * near) * sheet.height
    x = sheet.chance.uniform(-0.05, 1.0, count) * sheet.width
    length = (4 + 17 * near) * sheet.unit * sheet.chance.uniform(0.5, 1.4, count)
    shares = np.linspace(0, 1, 7)
    wave = np.sin(shares[None, :] * sheet.chance.uniform(5, 11, (count, 1)) + sheet.chance.uniform(0, 6, (count, 1)))
    curves = np.stack(
        [x[:, None] + length[:, None] * shares, y[:, None] + wave * (0.2 + 0.75 * near[:, None]) * height * sheet.unit * 0.6],
        axis=2,
    )
    sweep(sheet, curves, Brush(0.8 * sheet.unit, light.ink, 0.55, 0.62, 0.3, 0.5, 0.5), 0.35 + near, 0.45 + 0.4 * near)


def swell(sheet: Sheet, light: Light, line: float) -> None:
    """Long low crests one behind the other from the horizon at `line` down, foam along each."""
    blue = mixed(_BLUE, light.dark_ink, 0.45)
    for near in np.linspace(0.03, 1.0, 9) ** 1.5:
        _crest(sheet, blue, line + (1.0 - line) * near, near)


def _crest(sheet: Sheet, blue: Colour, y: float, near: float) -> None:
    """One crest at `y`, a share of the height: it hides the trough behind it and is darkest under its own foam."""
    row = y * sheet.height + (0.4 + 2.9 * near) * sheet.unit * heave(sheet.chance, sheet.width, near)
    top = max(0, int(row.min()) - 1)
    depth = np.arange(top, sheet.height, dtype=np.float32)[:, None] - row[None, :]
    below = np.clip(depth + 0.5, 0, 1) * np.exp(-np.clip(depth, 0, None) / ((3 + 11 * near) * sheet.unit))
    sheet.cover(Tile(0, top, (below * 0.9).astype(np.float32)), sheet.paper)
    sheet.wash(sheet.granulate(Tile(0, top, below.astype(np.float32)), 0.5), blue, 0.62 + 0.3 * near)
    _foam_line(sheet, row, near)


def heave(chance: Chance, width: int, near: float) -> Curves:
    """How far a crest lies below its mean, about 1 in its troughs: peaked above and hollow between, as water is and no cloth."""
    x = np.linspace(0, 1, width, dtype=np.float32)
    turns, shares = np.array([[5], [11], [23]]) / (0.4 + near), np.array((1.0, 0.45, 0.15))
    return np.asarray(shares @ (2 * np.abs(np.sin(0.5 * x * turns + chance.uniform(0, 6.3, (3, 1)))) - 1))


def _foam_line(sheet: Sheet, row: Curves, near: float) -> None:
    """Threads of white where a crest is highest, few far out, each torn into beads and gone at both ends."""
    count = int(1 + 9 * near)
    start, long = sheet.chance.uniform(-0.1, 1.0, (2, count)), sheet.chance.uniform(0.04, 0.16, count) * (0.2 + 1.2 * near)
    tops = row[(np.clip(start + long / 2, 0, 1) * (sheet.width - 1)).astype(int)].argmin(axis=0)
    start = start[tops, np.arange(count)]
    places = np.clip((start[:, None] + long[:, None] * np.linspace(0, 1, 17)) * sheet.width, 0, sheet.width - 1)
    for shift, width in ((0.1, 0.55), (0.9, 0.3)):
        curves = np.stack([places, row[places.astype(int)] + shift * (0.3 + near) * sheet.unit], axis=2)
        thread = Brush((0.15 + width * near) * sheet.unit, WHITE, 0.85, 0.6, 0.6, 0.6, 0.8)
        sweep(sheet, curves, thread, sheet.chance.uniform(0.6, 1.2, count), opaque=True)


def lake(sheet: Sheet, light: Light, top: float, bottom: float) -> None:
    """Still water from `top` to `bottom`, shares of the height: what stands above it hangs in it, blurred and broken."""
    first, last = int(top * sheet.height), min(sheet.height, int(bottom * sheet.height))
    depth = min(last - first, first)
    hanging = hung(sheet, sheet.rgb[first - depth : first], 1.6, 0.2)
    # Lost before it ends: where the sky is no higher than the water is deep it would end in a ruled line, and a moon be cut.
    lost = np.clip((min(depth, 0.37 * sheet.height) - np.arange(depth, dtype=np.float32)) / (0.12 * sheet.height), 0, 1)
    fading = (np.linspace(0.85, 0.3, depth, dtype=np.float32) * lost)[:, None, None]
    sheet.rgb[first : first + depth] += fading * (hanging * 0.97 - sheet.rgb[first : first + depth])
    bands = clouds(sheet.chance, sheet.width, last - first, 10 * sheet.unit, 4, stretched=8)
    blue = mixed(_BLUE, light.ink, 0.3 + 0.4 * light.dark)
    # From nothing at the far shore, or the water begins with a seam.
    near = np.clip(np.arange(last - first, dtype=np.float32)[:, None] / (9 * sheet.unit), 0, 1)
    sheet.wash(Tile(0, first, near * np.clip(0.2 + (bands - 0.5) * 1.5, 0, 1)), blue, 0.55)
    ripples(sheet, light, top + 0.02, bottom, 34, 0.5)


def ice(sheet: Sheet, light: Light, top: float) -> None:
    """Over still water from `top` down: it hides what hangs there, but for dark places and a few long cracks."""
    first = int(top * sheet.height)
    down = np.clip(np.arange(sheet.height - first, dtype=np.float32)[:, None] / (3 * sheet.unit), 0, 1)
    sheet.cover(Tile(0, first, down * np.clip(0.45 + sheet.mottle[first:], 0, 1)), mixed(WHITE, light.sky, 0.15), 0.85)
    near = np.linspace(0.12, 0.6, 6)
    y = first + near * (sheet.height - first)
    x = sheet.chance.uniform(-0.1, 0.6, 6) * sheet.width
    shares = np.linspace(0, 1, 7)
    jag = sheet.chance.normal(0, 1.0, (6, 7)) * near[:, None] * 2.5 * sheet.unit
    cracks = np.stack([x[:, None] + shares * (0.25 + 0.4 * near[:, None]) * sheet.width, y[:, None] + jag], axis=2)
    sweep(sheet, cracks, Brush(0.6 * sheet.unit, light.ink, 0.7, 0.5, 0.2, 0.5, 0.6), 0.4 + near)


_LEVEL = 0.3
"""How high a ring on water is seen, of its width."""


def ring(sheet: Sheet, light: Light, x: float, y: float, radius: float) -> None:
    """One ring about (x, y): the dark of its far slope and the light of its near one, closed, thinner the wider it has run."""
    margin = 1.5 * sheet.unit
    left, top = int(x - radius - margin), int(y - _LEVEL * radius - margin)
    rows, columns = np.ogrid[top : int(y + _LEVEL * radius + margin) + 1, left : int(x + radius + margin) + 1]
    down, across = (rows - y) / _LEVEL, columns - x
    out = np.hypot(down, across) + 1e-6
    # A line as thick before and behind as at its sides would be a hoop that stands.
    seen = np.hypot(across, down * _LEVEL) / out
    settled = 0.55 + 0.45 * clouds(sheet.chance, out.shape[1], out.shape[0], 6 * sheet.unit, 3)
    fading = np.clip(1.15 - radius / (38 * sheet.unit), 0.45, 1)
    for shift, width, colour, strength in ((0.0, 0.3, light.dark_ink, 0.62), (0.6, 0.35, WHITE, 0.55 - 0.25 * light.dark)):
        away = (out - radius + shift * sheet.unit) * seen / (width * sheet.unit)
        sheet.cover(Tile(left, top, (np.exp(-(away**2)) * settled).astype(np.float32)), colour, float(strength * fading))


def waterfall(sheet: Sheet, light: Light, x: float, top: float, bottom: float) -> None:
    """White paper between dark edges, with the threads of the falling water; shares of width and height."""
    down = np.linspace(0, 1, 28) ** 1.5
    y = (top + (bottom - top) * down) * sheet.height
    # It bends over the lip: a box would have been cut out of the rock.
    bent = np.sqrt(np.clip(down / 0.05, 0, 1))
    half = (4.4 + 2.6 * down + ridge(sheet.chance, 28, 7, 2) * 0.6) * (0.35 + 0.65 * bent) * sheet.unit
    left, right = np.stack([x * sheet.width - half, y], axis=1), np.stack([x * sheet.width + half, y], axis=1)
    fall = shape([(float(a), float(b)) for a, b in np.concatenate([left, right[::-1]])], straight=True, soft=0.5 * sheet.unit)
    sheet.cover(fall, WHITE, 0.97)
    for shift, width in ((0.6, 1.8), (1.8, 2.6)):
        edges = np.stack([moved(left, -shift * sheet.unit, 0), moved(right, shift * sheet.unit, 0)])[:, 3:]
        sweep(sheet, edges, Brush(width * sheet.unit, light.ink, 0.55, 0.72, 0.5, 0.5, 0.5))
    shares = np.clip(sheet.chance.normal(0.5, 0.28, 34), 0.04, 0.96)[:, None, None]
    threads = left[None] * (1 - shares) + right[None] * shares
    sweep(sheet, threads, Brush(0.5 * sheet.unit, mixed(_BLUE, light.ink, 0.5), 0.5, 0.85, 0.2, 0.6, 0.4), 1.0, 0.9)


def spray(sheet: Sheet, x: float, y: float, reach: float) -> None:
    """Where falling water meets the pool at (x, y): it stands about its foot as mist, `reach` to either side; in pixels."""
    left, top = int(x - 2 * reach), int(y - 1.6 * reach)
    rows, columns = np.ogrid[top : int(y + reach), left : int(x + 2 * reach)]
    torn = clouds(sheet.chance, columns.shape[1], rows.shape[0], 0.7 * reach, 4)
    high = np.where(rows < y, 0.75, 0.28) * reach
    cloud = np.exp(-(((columns - x) / (0.85 * reach)) ** 2) - ((rows - y) / high) ** 2) * (0.55 + 0.9 * torn)
    sheet.cover(
        Tile(left, top, np.clip(cloud, 0, 1).astype(np.float32)), mixed(WHITE, sheet.paper, 0.5 * (sum(sheet.paper) < 2.4)), 0.95
    )
