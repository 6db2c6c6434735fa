"""Things drawn as in haiga: a few brush lines over a light wash, kept as text beside this code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct, convert

from workers.providers.local.painter.brush import Brush, stroke, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.washes import blur, disc, pooled, shape

SKETCHES = Path(__file__).parent / "sketches"

Stand = Literal["ground", "table", "far", "air", "hang", "water"]


class Sketch(Struct, frozen=True):
    """One thing. `size` is its height in units, `wide` its half width in hundredths of that; `parts` say how it is drawn.

    A part is a line `verb style: x,y x,y …`; x grows to the right from the middle, y upwards from the foot, both in
    hundredths of the height. `fill PIGMENT STRENGTH` and `block …` are washes with round and straight outlines (they hide
    what is behind), `tint` and `pane` the same without hiding, `line WIDTH` and `edge WIDTH` brush strokes, `dot PIGMENT RADIUS`
    rounds, `glow RADIUS` light. A name before the width, as in `line red 2`, is the stroke's pigment; the pigment
    `window` is lamplight in the dark and grey by day.
    """

    words: str
    size: float
    parts: str
    wide: float = 50
    stand: Stand = "ground"
    steams: bool = False


class At(NamedTuple):
    """Where a sketch stands: the middle of its foot and its height, in pixels; `turned` mirrors it, `lit` lights its windows."""

    x: float
    y: float
    size: float
    turned: bool
    lit: bool


@cache
def sketches() -> dict[str, Sketch]:
    """Every sketch by its name."""
    found: dict[str, Sketch] = {}
    for file in sorted(SKETCHES.glob("*.toml")):
        found |= convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Sketch])
    return found


def draw(sheet: Sheet, sketch: Sketch, at: At) -> None:
    for part in sketch.parts.strip().splitlines():
        head, _, tail = part.partition(":")
        verb, *style = head.split()
        points = [_point(pair, at) for pair in tail.split()]
        if verb in ("line", "edge"):
            _line(sheet, points, style, at, straight=verb == "edge")
        elif verb == "dot":
            for x, y in points:
                sheet.cover(disc(x, y, float(style[1]) * at.size / 100, 0.25 * sheet.unit), PIGMENTS[style[0]], 0.92)
        elif verb == "glow":
            for x, y in points:
                glow = disc(x, y, float(style[0]) * at.size / 200, float(style[0]) * at.size / 100)
                sheet.cover(glow._replace(mask=glow.mask**2), PIGMENTS["glow"], 0.75)
        else:
            _wash(sheet, points, verb, style, lit=at.lit)


def _point(pair: str, at: At) -> tuple[float, float]:
    x, y = (float(number) for number in pair.split(","))
    return at.x + (-x if at.turned else x) * at.size / 100, at.y - y * at.size / 100


def _line(sheet: Sheet, points: list[tuple[float, float]], style: list[str], at: At, *, straight: bool) -> None:
    """Hands tremble: each point is off by a little."""
    pigment = PIGMENTS[style[0]] if len(style) > 1 else INK
    width = max(float(style[-1]) * at.size / 100, 0.3 * sheet.unit)
    trembling = [
        (x + sheet.chance.normal(0, 0.12 * sheet.unit), y + sheet.chance.normal(0, 0.12 * sheet.unit)) for x, y in points
    ]
    pairs = [trembling[i : i + 2] for i in range(len(points) - 1)] if straight else [trembling]
    for pair in pairs:
        stroke(sheet, pair, Brush(width, pigment, 0.9, 0.3, 0.08, 0.22, 0.35))


def _wash(sheet: Sheet, points: list[tuple[float, float]], verb: str, style: list[str], *, lit: bool) -> None:
    pigment = style[0] if style[0] != "window" else "glow" if lit else "grey"
    colour, strength = PIGMENTS[pigment], float(style[1])
    tile = shape(points, straight=verb in ("block", "pane"), soft=0.12 * sheet.unit)
    if verb in ("fill", "block"):
        sheet.cover(tile, sheet.paper, 0.94)
    sheet.wash(pooled(sheet, tile, 0.38), colour, strength)


def shadow(sheet: Sheet, x: float, y: float, half: float, strength: float = 0.35) -> None:
    """The wet grey something stands on; all in pixels."""
    outline = [(x - half, y), (x - half * 0.5, y - half * 0.13), (x + half * 0.9, y - half * 0.11)]
    outline += [(x + half * 1.5, y + half * 0.05), (x + half * 0.6, y + half * 0.17), (x - half * 0.5, y + half * 0.15)]
    tile = shape(outline)
    sheet.wash(sheet.granulate(Tile(tile.x, tile.y, blur(tile.mask, 0.7 * sheet.unit)), 0.5), (0.45, 0.46, 0.50), strength)


def steam(sheet: Sheet, x: float, y: float, height: float) -> None:
    """Threads of warmth from (x, y) up, in pixels: dark on a pale ground, pale on a dark one."""
    shares = np.linspace(0, 1, 6)
    sway = np.sin(shares * 5 + sheet.chance.uniform(0, 6, (3, 1))) * shares * 0.16 * height
    rise = height * sheet.chance.uniform(0.7, 1.15, (3, 1))
    curves = np.stack([x + np.array([[-0.13], [0.03], [0.19]]) * height + sway, y - rise * shares], axis=2)
    behind = sheet.rgb[max(0, int(y - height)) : max(1, int(y)), max(0, int(x) - 5) : max(1, int(x) + 5)]
    pale = (0.60, 0.62, 0.66) if behind.mean() > 0.62 else (0.94, 0.95, 0.96)
    sweep(sheet, curves, Brush(1.7 * sheet.unit, pale, 0.5, 0.5, 0.4, 0.6, 0.6), opaque=True)
