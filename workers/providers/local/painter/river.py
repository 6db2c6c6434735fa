"""A river through flat land: the sky lies in it, its far banks are seen, grass and stones stand along it."""

import numpy as np

from workers.providers.local.painter import rocks
from workers.providers.local.painter.bed import Bed
from workers.providers.local.painter.brush import Brush, Curves, moved, smooth, sweep
from workers.providers.local.painter.noise import Plane, clouds, ridge
from workers.providers.local.painter.palette import PIGMENTS, WHITE, Light, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tuft
from workers.providers.local.painter.washes import blur, shape

_BLUE: Colour = (0.42, 0.53, 0.62)

_BANK = 1.9
"""How high a bank stands above the water at the picture's lower edge, in units."""


def river(stage: Stage, bed: Bed, half: float, far: Plane) -> Tile:
    """Water along its bed; `half` as for `Bed.edges`, `far` the edge of the land it comes from, where it is lost in mist.

    Answers where it is water.
    """
    sheet, light = stage.sheet, stage.light
    edges = _worn(sheet, bed.edges(sheet, half))
    left, right = edges
    water = shape([(float(a), float(b)) for a, b in np.concatenate([left, right[::-1]])], straight=True, soft=0.12 * sheet.unit)
    rows, columns, mask = sheet.inside(water)
    out_of_mist = (np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - far[columns]) / (3 * sheet.unit)
    water = Tile(columns.start, rows.start, np.asarray(mask * np.clip(out_of_mist - 0.3, 0, 1), dtype=np.float32))
    _surface(sheet, light, water)
    _far_banks(stage, water, bed)
    _crossing(sheet, light, bed, half)
    _grown(stage, edges, half)
    return water


def _worn(sheet: Sheet, edges: Curves) -> Curves:
    """Banks bitten by the water: the nearer, the deeper."""
    fine = smooth(edges, 260)
    wide = fine[1, :, 0] - fine[0, :, 0]
    bites = np.stack([ridge(sheet.chance, 260, 46, 5, 0.6) for _ in edges])
    fine[..., 0] += bites * wide * 0.05
    return fine


def _surface(sheet: Sheet, light: Light, water: Tile) -> None:
    """The pale sky far off, deep colour near the eye, in level bands."""
    height, width = water.mask.shape
    sheet.cover(water, mixed(sheet.paper, *((light.sky, 0.35) if light.dark > 0.5 else (light.horizon, 0.2))), 0.97)
    bands = clouds(sheet.chance, width, height, 9 * sheet.unit, 4, stretched=8)
    near = np.linspace(0, 0.55, height, dtype=np.float32)[:, None]
    deep = water.mask * np.clip(0.12 + near + (bands - 0.5) * 1.5, 0, 1)
    rim = water.mask * np.clip(1.5 - 1.5 * blur(water.mask, 0.5 * sheet.unit), 0, 1)
    sheet.wash(water._replace(mask=rim), light.ink, 0.4)
    sheet.wash(water._replace(mask=deep.astype(np.float32)), mixed(_BLUE, light.ink, 0.25 + 0.4 * light.dark), 0.8)


def _far_banks(stage: Stage, water: Tile, bed: Bed) -> None:
    """Where land lies beyond the water its bank is seen, and darkens the water under it; the near bank is hidden."""
    sheet, light = stage.sheet, stage.light
    rows = np.arange(water.mask.shape[0])
    distance = (bed.centre(np.array(1.0))[1] - bed.top) / np.maximum((rows + water.y) / sheet.height - bed.top, 1e-3)
    uneven = clouds(sheet.chance, water.mask.shape[1], len(rows), 5 * sheet.unit, 4, stretched=2) * 2.6 - 0.5
    high = _BANK * sheet.unit / distance.clip(1.0, None)[:, None] * uneven.clip(0.15, None)
    face, cast = (_below_the_edge(water.mask, high * share) for share in (1.0, 2.4))
    sheet.wash(water._replace(mask=blur(cast, 0.3 * sheet.unit)), light.ink, 0.45)
    soil = (0.60, 0.68, 0.79) if stage.snowy and not stage.thawing else mixed(light.dark_ink, PIGMENTS["brown"], 0.4)
    sheet.cover(sheet.granulate(water._replace(mask=blur(face, 0.08 * sheet.unit)), 0.8), soil, 0.8)


def _below_the_edge(mask: Plane, high: Plane) -> Plane:
    """The part of the water that has land within `high` rows above it."""
    rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
    above = np.where(rows < high, 0.0, mask[np.maximum(rows - high.astype(np.int64), 0), columns])
    return np.asarray(mask * (1 - above), dtype=np.float32)


def _crossing(sheet: Sheet, light: Light, bed: Bed, half: float) -> None:
    """Short level ripples from side to side, by night some of them bright."""
    distance = sheet.chance.uniform(1.0, 2.6, 40) ** 2
    x, y = bed.centre(distance)
    long = half / distance * sheet.chance.uniform(0.15, 0.5, 40)
    x = x + sheet.chance.uniform(-0.85, 0.85, 40) * (half / distance - long)
    shares = np.linspace(-1, 1, 5)
    waves = np.sin(shares * 4 + sheet.chance.uniform(0, 6, (40, 1))) * 0.5 * sheet.unit / distance[:, None]
    curves = np.stack([(x[:, None] + long[:, None] * shares) * sheet.width, y[:, None] * sheet.height + waves], axis=2)
    brush = Brush(0.7 * sheet.unit, light.dark_ink, 0.6, 0.6, 0.3, 0.5, 0.5)
    sweep(sheet, curves, brush, (1.4 / distance**0.5).clip(0.3, 1.2), sheet.chance.uniform(0.4, 1, 40))
    if light.dark > 0.5:
        # The sky in it, no whiter than the sky is: white strokes would be scratches.
        glints = Brush(0.4 * sheet.unit, mixed(WHITE, light.sky, 0.4), 0.45, 0.6, 0.4, 0.6, 0.5)
        sweep(sheet, moved(curves[:14], 0, 0.7 * sheet.unit), glints, opaque=True)


def _grown(stage: Stage, edges: Curves, half: float) -> None:
    """Stones at the water's edge, and grass where no snow lies; smaller further off."""
    sheet = stage.sheet
    full = 2 * half * sheet.width
    for place in np.sort(sheet.chance.uniform(0.03, 0.7, 19))[::-1]:
        side = int(sheet.chance.integers(2))
        x, y = edges[side, int(place * edges.shape[1])]
        near = float((edges[1, int(place * edges.shape[1]), 0] - edges[0, int(place * edges.shape[1]), 0]) / full)
        out = (2 * side - 1) * sheet.unit
        if sheet.chance.uniform() < 0.35:
            rocks.rock(sheet, float(x) + 1.5 * near * out, float(y), 4.5 * near * sheet.unit, snowy=stage.snowy)
        else:
            tuft(stage, float(x) + 3 * near * out, float(y) + near * sheet.unit, 10 * near)


def ashore(stage: Stage, share: float, y: float) -> tuple[float, ...]:
    """The place itself or, where a river runs, the nearest on its bank within the picture; both in shares of the width."""
    out = np.arange(0, 0.4, 0.02)
    tried = [share + side * float(step) for step in out for side in (1, -1)]
    return tuple(place for place in tried if 0 <= place <= 1 and not stage.in_stream(stage.x(place), stage.y(y)))[:1]
