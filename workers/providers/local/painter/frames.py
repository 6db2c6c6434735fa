"""Formats a picture may have: the album leaf, the round window, the tall scroll, the wide handscroll."""

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
    zone: tuple[float, float] = (0.05, 0.78)
    """Between which shares of the picture's width things may stand."""


_ALBUM = Frame("album", 0.018, 0.018, 0.982, 0.982, (0.95, 0.07), 6.4, roomy=True)
_TURNED = Frame("turned album", 0.018, 0.018, 0.982, 0.982, (0.125, 0.07), 6.4, roomy=True, turned=True)
_WINDOWS = (
    Frame("tall", 0.03, 0.025, 0.83, 0.975, (0.965, 0.06), 6.8, zone=(0.06, 0.94)),
    Frame("round", 0.015, 0.08, 0.855, 0.92, (0.972, 0.06), 6.6, round=True, zone=(0.14, 0.86)),
    Frame("wide", 0.018, 0.1, 0.982, 0.9, (0.945, 0.145), 6.0, roomy=True),
)
BESIDE = _WINDOWS[0]
"""Its poem stands beside the picture, on the paper: for what fills a picture to its upper edge."""

FRAMES = (_ALBUM, _TURNED, *_WINDOWS)


def choose(poem: int, number: int) -> Frame:
    """The three pictures of one poem are an album leaf, its mirror and a window, in an order that `poem`, any number, decides."""
    three = (_ALBUM, _WINDOWS[poem // 3 % len(_WINDOWS)], _TURNED)
    return three[(poem + number) % 3]


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
