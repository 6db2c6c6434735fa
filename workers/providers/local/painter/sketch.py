"""Things drawn as in haiga: wet bodies and a few broken lines, kept as text beside this code."""

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct, convert
from msgspec.structs import replace

from workers.providers.local.painter.brush import Brush, ribbons
from workers.providers.local.painter.ink import At as At
from workers.providers.local.painter.ink import Part, lay
from workers.providers.local.painter.palette import WHITE
from workers.providers.local.painter.reflection import reflect
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.washes import blur

SKETCHES = Path(__file__).parent / "sketches"

Stand = Literal["ground", "table", "far", "air", "hang", "water"]


class Sketch(Struct, frozen=True):
    """One thing. `size` is its height in units outdoors, `tall` in centimetres, by which all in a room are as large as they are;
    `wide` is its half width in hundredths of its height; `parts` say how it is drawn.

    A part is a line `verb style: x,y x,y …`; x grows to the right from the middle, y upwards from the foot, both in
    hundredths of the height. A line `or` begins another design of the same thing. `wet PIGMENT STRENGTH` is a body, with a
    broken outline when it is solid; `fill` and `block` are washes with round and straight outlines that hide what is
    behind, `tint` one that does not; `wall` is boards or plaster, `under` a shadow, `pane` an opening in its frame;
    `thatch TONE` and `tiles TONE` are roofs by ridge left, ridge right, eave right, eave left; `line WIDTH` and
    `edge WIDTH` are strokes, in another pigment when it stands before the width; `dot PIGMENT RADIUS` rounds, `foam WIDTH`
    torn white, `glow RADIUS` light, `blaze HEIGHT` a fire, `rock SIZE TONE` boulders;
    `turn PIGMENT FINISH` is a round body by its half widths and heights, foot first, `brim PIGMENT FILLING DEPTH` its mouth;
    `limb PIGMENT WIDTH THIN` a handle or a leg, `page PIGMENT LEFT RIGHT` paper with the shade of its sides, `script COUNT`
    columns of writing between four corners, `fur PIGMENT LONG` a coat;
    `span PIGMENT FORM PART` a bridge;
    `put NAME SIZE` is another sketch, in hundredths of this one, mirrored when its size is negative, dyed when `robe=brown`
    follows. `dyes` are what the pigments a sketch names for itself
    may be, each a design of its own. What `steams` does so from `vapour`, a point in hundredths.
    `group` is a name and where each of its kind stands: `child: x,y,size …`, in hundredths. What is `airy` hangs between its
    posts and darkens no ground.
    """

    words: str
    size: float
    tall: float = 40
    parts: str = ""
    dyes: tuple[dict[str, str], ...] = ({},)
    wide: float = 50
    stand: Stand = "ground"
    steams: bool = False
    vapour: tuple[float, float] = (0.0, 86.0)
    airy: bool = False
    group: str = ""


@cache
def sketches() -> dict[str, Sketch]:
    """Every sketch by its name."""
    found: dict[str, Sketch] = {}
    for file in sorted(SKETCHES.glob("*.toml")):
        found |= convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Sketch])
    return found


def draw(sheet: Sheet, sketch: Sketch, at: At, then: Callable[[Sketch, At], object] = lambda each, foot: None) -> None:
    """In one of its designs; a group one by one, the last named in front, neighbours in different designs.

    What is done `then` is done when one is drawn and the next is not, which will hide it.
    """
    first = int(sheet.chance.integers(1000))
    for number, (each, foot) in enumerate(members(sketch, at), first):
        _draw_one(sheet, each, number, foot)
        then(each, foot)


def _draw_one(sheet: Sheet, sketch: Sketch, number: int, at: At) -> None:
    """In the design of this number; they go round."""
    designs = _designs(sketch)
    design = designs[number % len(designs)]
    # Broken water mirrors nothing.
    if sketch.stand != "water" or "foam" in design:
        _draw_design(sheet, design, number, at)
        return
    before = sheet.rgb.copy()
    _draw_design(sheet, design, number, at)
    reflect(sheet, before, at.y, 1.6 * at.size)


def _designs(sketch: Sketch) -> list[str]:
    return [_dyed(design, dye) for dye in sketch.dyes for design in sketch.parts.strip().split("\nor\n")]


def _dyed(design: str, dye: dict[str, str]) -> str:
    for name, pigment in dye.items():
        design = design.replace(f" {name} ", f" {pigment} ")
    return design


def _draw_design(sheet: Sheet, design: str, number: int, at: At) -> None:
    for line in design.splitlines():
        head, _, tail = line.partition(":")
        verb, *style = head.split()
        points = [_point(pair, at) for pair in tail.split()]
        if verb != "put":
            lay(sheet, verb, Part(style, points), at)
            continue
        # The next of its kind in one picture wears something else.
        number += 1
        _put(sheet, style, points[0], number, at)


def _put(sheet: Sheet, style: Sequence[str], place: tuple[float, float], number: int, at: At) -> None:
    (name, share, *dye), (x, y) = style, place
    size, sketch = float(share) / 100, sketches()[name]
    if dye:
        sketch = replace(sketch, dyes=(dict(one.split("=") for one in dye),))
    mirrored = at.turned != (size < 0)
    _draw_one(sheet, sketch, number, at._replace(x=x, y=y, size=abs(size) * at.size, turned=mirrored))


def members(sketch: Sketch, at: At) -> list[tuple[Sketch, At]]:
    """Each one of a group and where it stands, the nearest last; a single thing is a group of one."""
    if not sketch.group:
        return [(sketch, at)]
    name, _, places = sketch.group.partition(":")
    return [(sketches()[name], _stands(place, at)) for place in places.split()]


def _stands(place: str, at: At) -> At:
    x, y, size = (float(share) / 100 for share in place.split(","))
    return at._replace(x=at.x + (-x if at.turned else x) * at.size, y=at.y - y * at.size, size=at.size * size)


def _point(pair: str, at: At) -> tuple[float, float]:
    x, y = (float(number) for number in pair.split(","))
    return at.x + (-x if at.turned else x) * at.size / 100, at.y - y * at.size / 100


def shadow(sheet: Sheet, x: float, y: float, half: float) -> None:
    """The wet grey something stands on; all in pixels."""
    reach, depth = half * 1.3, half * 0.16 + 0.5 * sheet.unit
    left, top = int(x + half * 0.2 - 2 * reach), int(y - 2 * depth)
    rows, columns = np.ogrid[top : int(y + 2 * depth) + 1, left : int(x + half * 0.2 + 2 * reach) + 1]
    away = ((columns - x - half * 0.2) / reach) ** 2 + ((rows - y) / depth) ** 2
    sheet.wash(sheet.granulate(Tile(left, top, np.exp(-2.2 * away).astype(np.float32)), 0.3), (0.3, 0.31, 0.35), 0.525)


def steam(sheet: Sheet, x: float, y: float, height: float) -> None:
    """Warmth from (x, y) up, in pixels: white wisps that sway, their one side drawn in grey so that they show on paper."""
    shares = np.linspace(0, 1, 7)
    sway = np.sin(shares * 4.5 + sheet.chance.uniform(0, 6) + np.array([[0.0], [0.5], [1.0]])) * shares**1.1 * 0.15 * height
    rise = height * sheet.chance.uniform(0.65, 1.15, (3, 1))
    apart = np.array([[-0.13], [0.01], [0.15]]) * height * (0.45 + 0.55 * shares)
    curves = np.stack([x + apart + sway, y - rise * shares], axis=2)
    wisp = ribbons(sheet, curves, Brush(0.085 * height, WHITE, 1.0, 0.2, 0.25, 0.7, 0.3), np.ones(3), np.ones(3))
    soft = blur(np.pad(wisp.mask, _AIR), 0.02 * height)
    tile = Tile(wisp.x - _AIR, wisp.y - _AIR, soft)
    fading = np.linspace(0.7, 1, soft.shape[0], dtype=np.float32)[:, None]
    aside = np.clip(soft - np.roll(soft, -max(1, int(0.024 * height)), axis=1), 0, 1)
    sheet.cover(tile._replace(mask=np.clip(soft * 1.4 * fading, 0, 1)), WHITE, 0.85)
    sheet.wash(tile._replace(mask=np.clip(aside * 4.5 * fading, 0, 1)), (0.32, 0.34, 0.39), 0.85)


_AIR = 12
"""Room about steam for its edge to be lost in, in pixels."""
