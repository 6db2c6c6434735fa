"""What is turned on a wheel or grows round, bowls and fruit, seen from a little above in ink that follows its roundness."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from workers.providers.local.painter.brush import Brush, Floats, sweep
from workers.providers.local.painter.noise import Plane, clouds, stretch
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import as_mask

SEEN = 0.27
"""How high a circle that lies level is seen, of its width."""

_LIGHT = np.array((-0.62, 0.58, 0.53))
"""Where light comes from: the left, above, and the viewer."""

FINE = 2
"""An outline is drawn this many times finer than the picture."""

Profile = Sequence[tuple[float, float]]
"""Half widths and heights from the foot up, in pixels."""


class Round(NamedTuple):
    """What is seen of a turned body: how high each pixel is on it, from 0 to 1, and which way it faces there."""

    tile: Tile
    high: Plane
    right: Plane
    up: Plane
    near: Plane

    def part(self, mask: Plane | Floats) -> Tile:
        return self.tile._replace(mask=np.clip(self.tile.mask * mask, 0, 1).astype(np.float32))

    @property
    def lit(self) -> Plane:
        """From -1, turned away, to 1, towards the light."""
        return np.asarray(_LIGHT[0] * self.right + _LIGHT[1] * self.up + _LIGHT[2] * self.near, dtype=np.float32)


def seen(x: float, y: float, profile: Profile) -> Round:
    """Of a body that stands at (x, y), where the near edge of its foot is."""
    radii, heights = _finely(profile)
    middle = y - SEEN * radii[0]
    left, right = int(x - radii.max()) - 2, int(x + radii.max()) + 3
    top = int((middle - heights - SEEN * radii).min()) - 2
    bottom = int((middle - heights + SEEN * radii).max()) + 3
    mask, levels = _discs(x - left, middle - top, radii, heights, (right - left, bottom - top))
    rows, columns = np.mgrid[top:bottom, left:right].astype(np.float32)
    of = levels.clip(0, len(radii) - 1)
    wide = np.maximum(radii[of], 1.0)
    across = np.clip((columns - x) / wide, -1, 1)
    depth = np.clip((rows - middle + heights[of]) / (SEEN * wide), -1, 1)
    # Whatever is not its edge faces outwards; how steep the side is there says how far up.
    steep = -np.gradient(radii, heights)[of]
    long = np.sqrt(across**2 + depth**2 + steep**2) + 1e-6
    high = (heights[of] / heights[-1]).astype(np.float32)
    tile = Tile(left, top, mask)
    return Round(tile, high, *((part / long).astype(np.float32) for part in (across, steep, depth)))


def _finely(profile: Profile) -> tuple[Plane, Plane]:
    points = np.array(profile, dtype=np.float64)
    count = max(8, int(np.ptp(points[:, 1]) * 1.2))
    heights = np.linspace(points[0, 1], points[-1, 1], count)
    radii = np.interp(heights, points[:, 1], points[:, 0])
    return _rounded(radii), heights.astype(np.float32)


def _rounded(radii: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Plane:
    """No corner where the profile's points are."""
    reach = max(1, len(radii) // 16)
    padded = np.pad(radii, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, np.full(2 * reach + 1, 1 / (2 * reach + 1)), "valid").astype(np.float32)


def _discs(x: float, y: float, radii: Plane, heights: Plane, size: tuple[int, int]) -> tuple[Plane, Plane]:
    """The outline, and the number of the topmost disc at each pixel."""
    outline = Image.new("L", (size[0] * FINE, size[1] * FINE))
    levels = Image.new("I", size)
    edge, pen = ImageDraw.Draw(outline), ImageDraw.Draw(levels)
    for number, (radius, height) in enumerate(zip(radii.tolist(), heights.tolist(), strict=True)):
        box = (x - radius, y - height - SEEN * radius, x + radius, y - height + SEEN * radius)
        edge.ellipse([FINE * corner for corner in box], fill=255)
        pen.ellipse((box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1), fill=number)
    return as_mask(outline.reduce(FINE)), np.asarray(levels, dtype=np.int32)


def turn(sheet: Sheet, x: float, y: float, profile: Profile, pigment: Colour, finish: str) -> None:
    """One body, all in pixels; raises KeyError for a finish nobody knows."""
    body = seen(x, y, profile)
    _FINISHES[finish](sheet, body, pigment)
    _contour(sheet, x, y, profile)


def _modelled(sheet: Sheet, body: Round, pigment: Colour, shine: float, shade: float) -> None:
    """Three tones of one wet ink that ran into each other: towards the light, across it, and away from it."""
    wet = _wrapped(sheet, body, 0.5)
    lit = body.lit + 0.5 * (wet - 0.5)
    sheet.cover(body.tile, pigment)
    sheet.cover(body.part(np.clip((lit - 0.3) / 0.5, 0, 1)), mixed(pigment, WHITE, shine), 0.9)
    sheet.wash(body.part(np.clip((0.42 - lit) / 0.8, 0, 1)), mixed(pigment, INK, 0.82), shade)
    # What lies about a thing shines back on its dark side.
    back = np.clip((body.right - 0.8) / 0.2, 0, 1) * np.clip(1 - body.up, 0, 1)
    sheet.cover(body.part(back), mixed(pigment, sheet.paper, 0.3), 0.35)


def _wrapped(sheet: Sheet, body: Round, stretched: float) -> Plane:
    """Clouds that go round with the body; `stretched` is how high one is, of its width."""
    height, width = body.tile.mask.shape
    plain = clouds(sheet.chance, 96, max(12, int(96 * height / width / max(stretched, 0.1))), 26, 5)
    return _on(body, plain)


def _on(body: Round, plain: Plane) -> Plane:
    """A flat pattern laid about the body."""
    rows, columns = plain.shape
    angle = np.arctan2(body.right, np.maximum(body.near, -0.2) + 0.25)
    across = np.clip((angle / 3.2 + 0.5) * (columns - 1), 0, columns - 1).astype(np.int32)
    down = np.clip((1 - body.high) * (rows - 1), 0, rows - 1).astype(np.int32)
    return np.asarray(plain[down, across], dtype=np.float32)


def _hairs(sheet: Sheet, body: Round, dry: float) -> Plane:
    """Where a dry brush that went round with the wheel left its hairs."""
    plain = stretch(sheet.bristles[:96, :48], 160, 128)
    turned = np.roll(plain, int(sheet.chance.integers(96)), axis=0)
    return np.asarray(np.clip((_on(body, turned) - dry) / 0.2, 0, 1), dtype=np.float32)


def _clay(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """Rough clay under a glaze that ran down and stopped in a thick dark edge."""
    raw = (0.50, 0.385, 0.30)
    _modelled(sheet, body, raw, 0.32, 0.85)
    runs = 0.36 + 0.42 * (stretch(clouds(sheet.chance, 64, 4, 14, 3)[:1], 96, 1) - 0.5)
    line = _on(body, np.repeat(runs, 3, axis=0))
    covered = np.clip((body.high - line) / 0.02, 0, 1)
    glazed = Round(body.part(covered), *body[1:])
    _modelled(sheet, glazed, pigment, 0.5, 0.8)
    edge = covered * np.exp(-np.clip(body.high - line, 0, None) / 0.045)
    sheet.wash(body.part(edge), mixed(pigment, INK, 0.75), 0.75)
    sheet.wash(body.part(_hairs(sheet, body, 0.62) * (1 - covered * 0.55)), mixed(raw, INK, 0.8), 0.5)
    _shine(sheet, glazed, 0.7)


def _glazed(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """One glaze all over, with the marks of the fingers that turned it."""
    _modelled(sheet, body, pigment, 0.45, 0.8)
    sheet.wash(body.part(_hairs(sheet, body, 0.66)), mixed(pigment, INK, 0.7), 0.35)
    _shine(sheet, body, 0.75)


def _lacquer(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """Smooth and deep, with a window's light on it."""
    _modelled(sheet, body, pigment, 0.22, 0.85)
    _shine(sheet, body, 0.85)


def _iron(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """Cast in sand, with rows of small knobs about the shoulder, as on the kettles of Nanbu."""
    _modelled(sheet, body, pigment, 0.34, 0.9)
    grain = sheet.chance.uniform(0, 1, body.tile.mask.shape).astype(np.float32)
    sheet.wash(body.part(np.clip(grain - 0.55, 0, 1)), INK, 0.6)
    rows, columns = np.mgrid[0:88, 0:160].astype(np.float32)
    knobs = np.abs(np.sin(columns * 0.42 + np.pi / 2 * (rows // 7 % 2)) * np.sin(rows * np.pi / 7))
    belt = np.clip(3 - np.abs(body.high - 0.6) / 0.1, 0, 1)
    round_ = np.clip(_on(body, knobs) * 3 - 2.1, 0, 1) * belt
    sheet.cover(body.part(round_ * np.clip(body.lit + 0.3, 0, 1)), mixed(pigment, WHITE, 0.5), 0.6)
    _shine(sheet, body, 0.3)


def _rind(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """The skin of a fruit, full of pores."""
    _modelled(sheet, body, pigment, 0.24, 0.7)
    pores = clouds(sheet.chance, body.tile.mask.shape[1], body.tile.mask.shape[0], 2.0, 1)
    sheet.wash(body.part(np.clip((pores - 0.72) * 3, 0, 1)), mixed(pigment, INK, 0.5), 0.4)
    _shine(sheet, body, 0.5)


def _bloom(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """A pale down that blushes on one side, deeper towards the stalk."""
    _modelled(sheet, body, sheet.paper, 0.5, 0.35)
    wet = _wrapped(sheet, body, 1.0)
    blush = np.clip(0.15 + 0.75 * body.right + 0.35 * body.high + 1.1 * (wet - 0.5), 0, 1)
    sheet.wash(body.part(blush), pigment, 0.85)
    _shine(sheet, body, 0.4)


def _ribbed(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """In deep ribs from stalk to foot, each with its own light and shade."""
    angle = np.arctan2(body.right, body.near + 0.35)
    wave = np.mod(angle / 0.55 + 0.5, 1.0) - 0.5
    across = (body.right + 0.62 * wave).astype(np.float32)
    _modelled(sheet, body._replace(right=across), pigment, 0.35, 0.85)
    groove = np.exp(-(((0.5 - np.abs(wave)) / 0.07) ** 2))
    sheet.wash(body.part(groove), mixed(pigment, INK, 0.8), 0.8)
    sheet.wash(body.part(_wrapped(sheet, body, 3.0) ** 3), mixed(pigment, INK, 0.6), 0.7)


def _wax(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """Pale, and warm where the flame shines into it."""
    _modelled(sheet, body, pigment, 0.6, 0.45)
    sheet.wash(body.part(np.clip(body.high - 0.55, 0, 1) * 2), (0.99, 0.80, 0.50), 0.55)


def _glass(sheet: Sheet, body: Round, pigment: Colour) -> None:
    """One sees through it, less so towards its sides; light stands on its shoulder."""
    side = np.clip((np.abs(body.right) - 0.55) / 0.45, 0, 1)
    sheet.cover(body.tile, WHITE, 0.22)
    sheet.wash(body.part(0.3 + 0.5 * side), mixed(pigment, WHITE, 0.25), 0.6)
    sheet.wash(body.part(side**3), INK, 0.45)
    _shine(sheet, body, 0.9)


_FINISHES: dict[str, Callable[[Sheet, Round, Colour], None]] = {
    "clay": _clay,
    "glazed": _glazed,
    "lacquer": _lacquer,
    "iron": _iron,
    "rind": _rind,
    "bloom": _bloom,
    "ribbed": _ribbed,
    "wax": _wax,
    "glass": _glass,
}


def _shine(sheet: Sheet, body: Round, strength: float) -> None:
    """Where the window is seen in it: one upright touch on the lit shoulder."""
    spot = np.exp(-(((body.right + 0.52) / 0.13) ** 2) - ((body.high - 0.68) / 0.2) ** 2)
    broken = np.clip((_wrapped(sheet, body, 0.6) - 0.3) * 2.6, 0, 1)
    sheet.cover(body.part(spot * broken), WHITE, strength)


def _contour(sheet: Sheet, x: float, y: float, profile: Profile) -> None:
    """A broken line of ink down either side and round the foot, heavier in the shade."""
    radii, heights = _finely(profile)
    at = np.linspace(0, len(radii) - 1, 14).astype(int)
    middle = y - SEEN * radii[0]
    sides = np.array([np.stack([x + side * radii[at], middle - heights[at]], axis=1) for side in (-1, 1)])
    bend = np.linspace(np.pi, 0, 14)
    lowest = middle - heights[0]
    foot = np.stack([x + radii[0] * np.cos(bend), lowest + SEEN * radii[0] * np.sin(bend)], axis=1)
    width = np.clip(0.022 * float(radii.max()), 0.3 * sheet.unit, 0.75 * sheet.unit)
    line = Brush(float(width), INK, 0.8, 0.5, 0.15, 0.3, 0.7)
    sweep(sheet, np.concatenate([sides, foot[None]]), line, (0.7, 1.5, 1.3), (0.6, 1.0, 1.0))
