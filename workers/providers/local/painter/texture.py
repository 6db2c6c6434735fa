"""Texture strokes (shun) by which a painter tells one kind of hill from another: hemp fibres, rain dots, axe cuts."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from workers.providers.local.painter.brush import Brush, Floats, dabs, sweep
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Colour, Sheet

Hand = Literal["hemp", "dots", "axe"]


class Face(NamedTuple):
    """A hillside: its crest (a row for each column), its ink and how much of it, and how near it is, from 0 to 1."""

    line: Plane
    ink: Colour
    tone: float
    near: float

    def rows(self, x: Floats) -> Floats:
        """Where the crest is at columns `x`, all in pixels."""
        return np.asarray(self.line[x.astype(int)], dtype=np.float64)

    def slope(self, x: Floats) -> Floats:
        """How much it falls from one column to the next, small bumps left out."""
        return np.asarray(np.gradient(np.convolve(self.line, np.ones(31) / 31, mode="same"))[x.astype(int)])


def texture(sheet: Sheet, face: Face, hand: Hand) -> None:
    """The strokes of one hand below the crest, and moss along it."""
    _HANDS[hand](sheet, face)
    _moss(sheet, face, 9)


def _hemp(sheet: Sheet, face: Face) -> None:
    """Hemp-fibre strokes (hōhi-shun) running down from the crest."""
    count = int(60 + 70 * face.near)
    x = sheet.chance.uniform(0, sheet.width - 1, count)
    slope = face.slope(x)
    length = sheet.chance.uniform(3, 13, count) * sheet.unit * (0.6 + 0.5 * face.near)
    start = np.stack([x, face.rows(x) + sheet.chance.exponential(3.5, count) * sheet.unit], axis=1)
    drift = np.clip(slope, -0.9, 0.9)[:, None] * (0.0, 1.0) + np.sign(slope)[:, None] * (0.55, 0.0) + (0, 0.75)
    bend = sheet.chance.normal(0, 0.12, (count, 1)) * (1, 0)
    shares = np.array([0, 0.4, 1.0])[None, :, None]
    curves = start[:, None] + length[:, None, None] * (drift[:, None] * shares + bend[:, None] * shares**2)
    brush = Brush(0.75 * sheet.unit, face.ink, 0.75 * face.tone, 0.75, 0.3, 0.6, 0.4)
    widths, tones = sheet.chance.uniform(0.4, 1.5, count), sheet.chance.uniform(0.15, 0.5, count)
    sweep(sheet, curves, brush, widths, tones * _seen(sheet, start[:, 1] - face.rows(x), length))


def _dots(sheet: Sheet, face: Face) -> None:
    """Level touches of a wet brush (Mi dots), thick on the crown and fewer down the side: a wooded hill."""
    count = int(260 + 240 * face.near)
    x = sheet.chance.uniform(0, sheet.width - 1, count)
    down = sheet.chance.exponential(3.0 + 2.5 * face.near, count) * sheet.unit
    spots = np.stack([x, face.rows(x) + down], axis=1)
    touch = Brush(0.85 * sheet.unit, face.ink, 0.62 * face.tone, 0.15, 0.4, 0.5, 0.3)
    tones = np.exp(-down / (7 * sheet.unit)) * sheet.chance.uniform(0.25, 0.9, count)
    sweep(sheet, dabs(spots, 1.3 * sheet.unit, 0.1 * sheet.unit), touch, sheet.chance.uniform(0.5, 1.3, count), tones)


def _axe(sheet: Sheet, face: Face) -> None:
    """Axe cuts (fuheki-shun): broad dry strokes dragged down bare rock."""
    count = int(90 + 80 * face.near)
    x = sheet.chance.uniform(0, sheet.width - 1, count)
    start = np.stack([x, face.rows(x) + sheet.chance.exponential(5.0, count) * sheet.unit], axis=1)
    length = sheet.chance.uniform(2, 8, count) * sheet.unit
    lean = np.sign(face.slope(x)) * 0.28
    cuts = np.stack([start, start + np.stack([lean * length, length], axis=1)], axis=1)
    brush = Brush(1.5 * sheet.unit, face.ink, 0.7 * face.tone, 0.72, 0.1, 0.6, 0.5)
    widths, tones = sheet.chance.uniform(0.35, 1.2, count), sheet.chance.uniform(0.2, 0.6, count)
    sweep(sheet, cuts, brush, widths, tones * _seen(sheet, start[:, 1] - face.rows(x), length))


def _seen(sheet: Sheet, down: Floats, length: Floats) -> Floats:
    """How much of a stroke is given that starts so far below the crest: where the hill itself is mist, it would be a scratch."""
    return np.asarray(np.exp(-(((down + 0.6 * length) / (13 * sheet.unit)) ** 2)))


def _moss(sheet: Sheet, face: Face, clumps: int) -> None:
    """Dots (ten-tai) in clumps along the crest."""
    x = (
        sheet.chance.uniform(0, sheet.width - 1, clumps)[:, None] + sheet.chance.normal(0, 2.2 * sheet.unit, (clumps, 12))
    ).ravel()
    x = x.clip(0, sheet.width - 1)
    dots = np.stack([x, face.rows(x) + sheet.chance.uniform(-0.2, 1.6, x.size) * sheet.unit], axis=1)
    touch = Brush(0.6 * sheet.unit, face.ink, 0.85 * face.tone, 0.1, 0.5, 0.4)
    sweep(sheet, dabs(dots, 0.1 * sheet.unit, -0.55 * sheet.unit), touch, sheet.chance.uniform(0.5, 1.4, x.size), 0.8)


_HANDS: dict[Hand, Callable[[Sheet, Face], None]] = {"hemp": _hemp, "dots": _dots, "axe": _axe}
