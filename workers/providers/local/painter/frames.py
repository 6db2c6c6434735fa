"""Formats a picture may have: the album leaf, the round window, the tall scroll, the wide handscroll."""

import random
import zlib
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.sheet import Sheet


class Frame(Struct, frozen=True):
    """Where the picture lies on the paper and where the poem starts, in shares of width and height.

    `poem` is the upper right corner of the first column, `character` its size in units. A picture whose poem stands inside
    is `roomy`; `turned` ones are mirrored, so that the poem's side is the left.
    """

    name: str
    left: float
    top: float
    right: float
    bottom: float
    poem: tuple[float, float]
    character: float
    roomy: bool = False
    turned: bool = False
    round: bool = False
    zone: tuple[float, float] = (0.05, 0.72)
    """Between which shares of the picture's width things may stand."""


FRAMES = (
    Frame("album", 0.022, 0.022, 0.978, 0.978, (0.945, 0.075), 4.9, roomy=True),
    Frame("round", 0.03, 0.12, 0.79, 0.88, (0.965, 0.11), 4.3, round=True, zone=(0.17, 0.83)),
    Frame("turned album", 0.022, 0.022, 0.978, 0.978, (0.285, 0.075), 4.9, roomy=True, turned=True),
    Frame("tall", 0.09, 0.04, 0.70, 0.96, (0.935, 0.1), 4.9, zone=(0.06, 0.94)),
    Frame("wide", 0.02, 0.17, 0.98, 0.83, (0.95, 0.215), 4.1, roomy=True, zone=(0.05, 0.76)),
)


def choose(calligraphy: Sequence[str], number: int) -> Frame:
    """The pictures of one poem have different formats, and another poem begins with another."""
    chance = random.Random(zlib.crc32("".join(calligraphy).encode()))
    left_out = chance.choice(("album", "turned album"))
    frames = [frame for frame in FRAMES if frame.name != left_out]
    chance.shuffle(frames)
    return frames[number % len(frames)]


def lay(paper: Sheet, picture: Sheet, frame: Frame) -> None:
    """The picture onto the paper, its edge where the wet brush happened to stop."""
    left, top = int(frame.left * paper.width), int(frame.top * paper.height)
    mask = (_circle if frame.round else _rectangle)(picture)
    area = paper.rgb[top : top + picture.height, left : left + picture.width]
    area += mask[..., None] * (picture.rgb - area)


def _rectangle(picture: Sheet) -> Plane:
    rows, columns = np.ogrid[: picture.height, : picture.width]
    inside = np.minimum(np.minimum(rows, picture.height - 1 - rows), np.minimum(columns, picture.width - 1 - columns))
    return _ragged(picture, inside.astype(np.float32), 1.1)


def _circle(picture: Sheet) -> Plane:
    rows, columns = np.ogrid[: picture.height, : picture.width]
    radius = min(picture.height, picture.width) / 2 - 1
    away = np.hypot(rows - picture.height / 2, columns - picture.width / 2)
    return _ragged(picture, (radius - away).astype(np.float32), 0.9)


def _ragged(picture: Sheet, inside: Plane, width: float) -> Plane:
    rough = clouds(picture.chance, picture.width, picture.height, 12 * picture.unit, 5)
    return np.clip((inside - (rough * 1.2) * width * picture.unit) / 2.0 + 0.5, 0, 1).astype(np.float32)
