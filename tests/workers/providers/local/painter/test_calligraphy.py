"""The poem in the picture: every character drawn, upright, inside the frame."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.workers.providers.local.painter.asks import POEM, bank_fragments
from workers.providers.local.painter.calligraphy import FONT, Place, extent, glyph, write
from workers.providers.local.painter.compose import place
from workers.providers.local.painter.frames import FRAMES, Frame
from workers.providers.local.painter.sheet import Sheet

NOWHERE = "\U0010ffff"
PAPER = (0.95, 0.93, 0.89)


def blank(paper: tuple[float, float, float] = PAPER) -> Sheet:
    return Sheet(400, 400, np.random.default_rng(1), paper)


@cache
def font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, 64)


def drawn(character: str) -> NDArray[np.uint8]:
    image = Image.new("L", (96, 96))
    ImageDraw.Draw(image).text((48, 48), character, fill=255, font=font(), anchor="mm")
    return np.asarray(image)


def middle_of(character: str) -> tuple[float, float]:
    """Where its ink lies from the middle of its square, in shares of a character: right and down are positive."""
    ink = glyph(character, 40)
    rows, columns = np.nonzero(ink > 0.3)
    return float(columns.mean() - ink.shape[1] / 2) / 40, float(rows.mean() - ink.shape[0] / 2) / 40


def test_the_font_has_every_character_of_the_poets_bank() -> None:
    characters = {character for fragment in bank_fragments() for character in fragment["japanese"] if not character.isspace()}
    missing = drawn(NOWHERE)

    assert len(characters) > 300
    assert [character for character in sorted(characters) if np.array_equal(drawn(character), missing)] == []


@pytest.mark.parametrize("lines", [POEM, POEM[:1], ("傘のしずくを聞く",)], ids=["poem", "short line", "long line"])
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_the_poem_is_written_inside_the_frame(frame: Frame, lines: tuple[str, ...]) -> None:
    sheet = blank()
    before = sheet.rgb.copy()
    right, top, size = where = place(sheet, lines, frame)

    write(sheet, lines, where)

    rows, columns = np.nonzero(np.abs(sheet.rgb - before).max(axis=2) > 0.3)
    width, height = extent(lines, size)
    assert len(rows) > 300
    assert top - 3 <= rows.min()
    assert rows.max() <= top + height + 3
    assert right - width - 3 <= columns.min()
    assert columns.max() <= right + 3
    assert rows.max() < 398
    assert columns.min() > 2


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_line_can_be_read_in_a_thumbnail(frame: Frame) -> None:
    """Of 384 pixels, a character takes 22 at least."""
    assert place(Sheet(384, 384, np.random.default_rng(1), PAPER), ("傘のしずくを",), frame).size >= 22


def test_columns_run_from_right_to_left() -> None:
    one, two = blank(), blank()

    write(one, ("雨",), Place(300, 40, 30))
    write(two, ("雨", "傘"), Place(300, 40, 30))

    changed = np.nonzero(np.abs(two.rgb - one.rgb).max(axis=2) > 0.3)[1]
    assert changed.min() < 300 - 30 * 1.4


def test_the_poem_is_dark_on_paper_and_white_on_night() -> None:
    day, night = blank(), blank((0.25, 0.3, 0.4))

    write(day, POEM, Place(300, 40, 24))
    write(night, POEM, Place(300, 40, 24))

    assert day.rgb.min() < 0.2
    assert night.rgb.max() > 0.9


def test_the_poem_is_white_on_a_pale_cloud_of_the_night_and_nothing_glows_behind_it() -> None:
    cloud, paper = (0.55, 0.57, 0.63), 40
    sheet = blank(cloud)
    sheet.rgb[:, -paper:] = PAPER
    before = sheet.rgb.copy()

    write(sheet, ("雨", "傘"), Place(340, 40, 40), night=True)

    poem = sheet.rgb[50:150, 240:340].mean(axis=2)
    assert np.quantile(poem, 0.97) > 0.9
    assert np.median(poem) < 0.45
    assert np.abs(sheet.rgb - before)[:, -paper:].max() < 0.02, "the paper beside the picture is as it was"


def test_the_seal_is_red() -> None:
    sheet = blank()

    write(sheet, ("雨",), Place(300, 40, 30))

    red = (sheet.rgb[..., 0] - sheet.rgb[..., 2]) > 0.35
    assert red.sum() > 200


def test_a_long_vowel_stands_upright() -> None:
    rows, columns = np.nonzero(glyph("ー", 40) > 0.3)

    assert np.ptp(rows) > 2 * np.ptp(columns)


@pytest.mark.parametrize(("small", "large"), [("っ", "つ"), ("ゃ", "や"), ("ょ", "よ")])
def test_small_kana_stand_to_the_upper_right(small: str, large: str) -> None:
    right, down = (a - b for a, b in zip(middle_of(small), middle_of(large), strict=True))

    assert right > 0.06
    assert down < 0.06


@pytest.mark.parametrize("mark", ["、", "。"])
def test_marks_stand_in_the_upper_right_corner(mark: str) -> None:
    right, down = middle_of(mark)

    assert right > 0.15
    assert down < -0.15
