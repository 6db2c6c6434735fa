"""The poem, written from top to bottom and right to left with a brush, and a red seal."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.palette import INK, SEAL_RED, WHITE
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import as_mask, blur

FONT = Path(__file__).parent / "font" / "yuji-boku.woff2"
"""Yuji Boku by Kinuta Font Factory, SIL Open Font License 1.1."""

SEAL_WORD = "句"
"""A verse."""

_NIGHT: Colour = (0.25, 0.30, 0.42)

_DRAWN = 128
"""The size glyphs are drawn in, in pixels, before they are made as small as the picture wants them."""
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ")
_CORNER = frozenset("、。，．")
_TURNED = frozenset("ー―—…‥〜~-「」『』（）()")
_LEADING = 1.02
"""From one character to the next, in character sizes."""
_COLUMN = 1.42


class Place(NamedTuple):
    """Where the poem stands: the upper right corner of its first column and the size of a character, in pixels."""

    right: float
    top: float
    size: float


@cache
def _font() -> ImageFont.FreeTypeFont:
    """One size for all: opening the font takes a seventh of a second, making a glyph smaller nothing."""
    return ImageFont.truetype(FONT, _DRAWN)


def extent(columns: Sequence[str], size: float) -> tuple[float, float]:
    """Width and height of the poem with its seal, in pixels. Columns step down a little, as in a poem card."""
    rows = max((len(column) + _step(number) for number, column in enumerate(columns)), default=0)
    return (len(columns) - 1) * _COLUMN * size + size * 1.1, (rows * _LEADING + 1.5) * size


def write(sheet: Sheet, columns: Sequence[str], place: Place, *, night: bool = False) -> None:
    """Black ink on a light ground, shell white on a dark one and on every sky of a `night`, however pale its clouds."""
    dark = night or _is_dark(sheet, columns, place)
    (_deepen if dark else _clear)(sheet, columns, place)
    for number, column in enumerate(columns):
        middle = place.right - place.size * (0.55 + number * _COLUMN)
        for row, character in enumerate(column):
            y = place.top + (row + _step(number) + 0.5) * _LEADING * place.size
            _lay(sheet, glyph(character, place.size), middle, y, dark=dark)
    _seal(sheet, columns, place)


def _step(number: int) -> float:
    return number * 0.75


def glyph(character: str, size: float) -> Plane:
    """A square twice the character's size with the character in its middle, as it stands in a vertical column."""
    image = _square(character)
    if character in _TURNED:
        image = image.rotate(-90, resample=Image.Resampling.BICUBIC)
    shift = 0.14 if character in _SMALL else 0.55 if character in _CORNER else 0.0
    if shift:
        image = image.transform(image.size, Image.Transform.AFFINE, (1, 0, -shift * _DRAWN, 0, 1, shift * _DRAWN))
    side = 2 * round(size)
    return as_mask(image.resize((side, side), Image.Resampling.LANCZOS))


def _square(character: str) -> Image.Image:
    image = Image.new("L", (2 * _DRAWN, 2 * _DRAWN))
    ImageDraw.Draw(image).text((_DRAWN, _DRAWN), character, fill=255, font=_font(), anchor="mm")
    return image


def _lay(sheet: Sheet, ink: Plane, x: float, y: float, *, dark: bool) -> None:
    """The ink runs out a little here and there, and bleeds a little into the paper."""
    tile = Tile(round(x - ink.shape[1] / 2), round(y - ink.shape[0] / 2), ink)
    dry = clouds(sheet.chance, ink.shape[1], ink.shape[0], ink.shape[0] / 3, 4)
    laid = Tile(tile.x, tile.y, np.clip(ink * (1.12 - 0.5 * np.clip(dry - 0.45, 0, 1)), 0, 1))
    bleeding = Tile(tile.x, tile.y, blur(ink, sheet.unit * 0.35))
    if dark:
        sheet.wash(Tile(tile.x, tile.y, blur(ink, sheet.unit * 0.9)), (0.25, 0.28, 0.36), 0.6)
        sheet.cover(laid, WHITE, 0.96)
    else:
        sheet.wash(bleeding, INK, 0.16)
        sheet.cover(laid, INK, 0.93)


def _clear(sheet: Sheet, columns: Sequence[str], place: Place) -> None:
    """Black ink is given a breath of mist to stand on."""
    sheet.cover(Tile(0, 0, _about(sheet, columns, place)), sheet.paper, 0.5)


def _deepen(sheet: Sheet, columns: Sequence[str], place: Place) -> None:
    """Shell white is given as much of the night as its clouds and hills left out; the paper round the picture none."""
    width, height = extent(columns, place.size)
    left, bottom = max(0, int(place.right - 1.6 * width - 2 * place.size)), int(place.top + 1.6 * height)
    about = _about(sheet, columns, place)[:bottom, left:]
    grey = sheet.rgb[:bottom, left:].mean(axis=2)
    painted = np.clip((0.82 - grey) / 0.1, 0, 1)
    pale = blur(painted * np.clip((grey - 0.36) / 0.22, 0, 1), 2 * sheet.unit)
    sheet.cover(Tile(left, 0, about * pale * painted), _NIGHT, 0.85)


def _about(sheet: Sheet, columns: Sequence[str], place: Place) -> Plane:
    """1 under the poem, lost all round it."""
    width, height = extent(columns, place.size)
    x, y = place.right - width / 2, place.top + height * 0.42
    rows, columns_ = np.ogrid[: sheet.height, : sheet.width]
    away = ((columns_ - x) / (width * 0.5 + place.size)) ** 2 + np.clip(np.abs(rows - y) / (height * 0.6), 0, None) ** 4
    return np.asarray(np.exp(-away), dtype=np.float32)


def _is_dark(sheet: Sheet, columns: Sequence[str], place: Place) -> bool:
    width, height = extent(columns, place.size)
    ground = sheet.rgb[int(place.top) : int(place.top + height), max(0, int(place.right - width)) : int(place.right)]
    return bool(ground.mean() < 0.46)


def _seal(sheet: Sheet, columns: Sequence[str], place: Place) -> None:
    last = len(columns) - 1
    x = place.right - place.size * (0.55 + last * _COLUMN)
    y = place.top + ((len(columns[last]) if columns else 0) + _step(last) + 0.95) * _LEADING * place.size
    press(sheet, x, y, place.size * 0.92)


def press(sheet: Sheet, x: float, y: float, size: float) -> None:
    """The seal, carved white in red, pressed unevenly; `x` and `y` are its middle."""
    block = Image.new("L", (2 * _DRAWN, 2 * _DRAWN))
    edge = _DRAWN * 0.42
    ImageDraw.Draw(block).rounded_rectangle((edge, edge, 2 * _DRAWN - edge, 2 * _DRAWN - edge), radius=_DRAWN // 8, fill=255)
    carved = ImageChops.subtract(block, _square(SEAL_WORD))
    side = round(size * 2 / 1.16)
    mask = as_mask(carved.resize((side, side), Image.Resampling.LANCZOS))
    worn = clouds(sheet.chance, side, side, side / 4, 5)
    pressed = mask * np.clip(1.6 - 0.9 * worn, 0.75, 1)
    left, top = round(x - side / 2), round(y - side / 2)
    whole = as_mask(block.resize((side, side), Image.Resampling.LANCZOS))
    sheet.cover(Tile(left, top, whole), WHITE)
    sheet.cover(Tile(left, top, pressed), SEAL_RED)
