"""A wooden bridge from bank to bank: a planked deck on trestles in the water, two rails, and posts at its ends."""

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from workers.providers.local.painter.brush import Brush, Floats, dabs, moved, sweep
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import pooled, shape


class Span(Struct, frozen=True):
    """Its middle at column `x` over the water's row `y`; `half` is half its length; all in pixels.

    `low` is how high its ends are, `rise` how much higher its middle, `thick` its beams, `rail` how high its rails stand.
    """

    x: float
    y: float
    half: float
    low: float
    rise: float
    thick: float
    rail: float
    trestles: int
    posts: int
    wood: Colour

    def deck(self, across: npt.NDArray[np.floating]) -> Floats:
        """Rows of its near edge; `across` runs from -1 to 1."""
        return np.asarray(self.y - self.low - self.rise * (1 - np.abs(across) ** 2.1))

    def columns(self, across: npt.NDArray[np.floating]) -> Floats:
        return np.asarray(self.x + self.half * across)

    @property
    def feet(self) -> Floats:
        """Where its trestles stand, from -1 to 1."""
        apart = 0.84 if self.trestles < 5 else 1.84 / self.trestles
        return np.asarray((np.arange(self.trestles) - (self.trestles - 1) / 2) * apart, dtype=np.float64)

    @property
    def deep(self) -> float:
        """How much of its planks is seen from a little above."""
        return 0.55 * self.thick


def arched(x: float, y: float, size: float, wood: Colour) -> Span:
    """Steep as a drum's back; `size` in pixels."""
    return Span(x, y, 1.34 * size, 0.2 * size, 0.44 * size, 0.085 * size, 0.25 * size, 2, 9, wood)


def level(x: float, y: float, size: float, wood: Colour) -> Span:
    """Long and nearly level, on many trestles."""
    return Span(x, y, 4.3 * size, 0.42 * size, 0.2 * size, 0.13 * size, 0.3 * size, 9, 21, wood)


def back(sheet: Sheet, span: Span, *, snowy: bool) -> None:
    """All that is behind whoever crosses it."""
    _trestles(sheet, span)
    _rail(sheet, span, -span.deep, 0.45, snowy=snowy)
    _deck(sheet, span, snowy=snowy)


def front(sheet: Sheet, span: Span, *, snowy: bool) -> None:
    """The rail before them, and the posts at its ends."""
    _rail(sheet, span, 0.0, 0.0, snowy=snowy)
    _ends(sheet, span, snowy=snowy)


def _band(span: Span, top: Floats, bottom: Floats, across: Floats) -> Tile:
    """Between two rows all along the bridge."""
    x = span.columns(across)
    outline = np.concatenate([np.stack([x, top], axis=1), np.stack([x, bottom], axis=1)[::-1]])
    return shape([(float(a), float(b)) for a, b in outline], straight=True, soft=0.3)


def _deck(sheet: Sheet, span: Span, *, snowy: bool) -> None:
    """The planks as one sees them from a little above, and the beam that carries them, darkest underneath."""
    across = np.linspace(-1.04, 1.04, 60)
    near = span.deck(across)
    planks = _band(span, near - span.deep, near, across)
    sheet.cover(planks, WHITE if snowy else mixed(span.wood, sheet.paper, 0.55))
    seams = np.linspace(-1, 1, 6 * span.posts)
    start = np.stack([span.columns(seams), span.deck(seams)], axis=1)
    sweep(sheet, dabs(start, 0.12 * span.thick, -span.deep), Brush(0.4 * sheet.unit, INK, 0.5, 0.3, 0.1, 0.1))
    beam = _band(span, near, near + span.thick, across)
    sheet.cover(beam, mixed(span.wood, sheet.paper, 0.12))
    sheet.wash(pooled(sheet, beam, 0.4), mixed(span.wood, INK, 0.5), 0.5)
    under = np.stack([span.columns(across), near + 0.86 * span.thick], axis=1)[None]
    sweep(sheet, under, Brush(0.32 * span.thick, INK, 0.85, 0.25, 0.02, 0.02), opaque=True)
    sweep(sheet, under - (0, 0.86 * span.thick), Brush(0.12 * span.thick, INK, 0.8, 0.35, 0.02, 0.02))


def _trestles(sheet: Sheet, span: Span) -> None:
    """Pairs of posts from the beam into the water, the far one paler, a tie across each pair and a brace to the beam."""
    wide = max(0.55 * span.thick, 0.9 * sheet.unit)
    across = span.feet
    foot = np.full(len(across), span.y + 1.2 * sheet.unit)
    for aside, lift, pale in ((1.1 * wide, span.deep, 0.35), (0.0, 0.0, 0.0)):
        x, top = span.columns(across) + aside, span.deck(across) + 0.4 * span.thick - lift
        ink = mixed(mixed(span.wood, INK, 0.55), sheet.paper, pale)
        for at, head, end in zip(x, top, foot - lift, strict=True):
            post = [(float(at + side * wide / 2), float(row)) for side, row in ((-1, head), (1, head), (1, end), (-1, end))]
            sheet.cover(shape(post, straight=True, soft=0.3), ink)
        posts = np.stack([np.stack([x, top], axis=1), np.stack([x, foot - lift], axis=1)], axis=1)
        sweep(sheet, moved(posts, 0.25 * wide, 0), Brush(0.5 * wide, INK, 0.5 * (1 - pale), 0.4, 0.01, 0.01))
    x, top = span.columns(across), span.deck(across)
    ink = mixed(span.wood, INK, 0.7)
    for down in (0.36, 0.72):
        row = top + down * (span.y - top)
        ties = np.stack([np.stack([x - 0.9 * wide, row], axis=1), np.stack([x + 2 * wide, row], axis=1)], axis=1)
        sweep(sheet, ties, Brush(0.5 * wide, ink, 0.95, 0.1, 0.02, 0.02), opaque=True)
    for side in (-1, 1):
        start = np.stack([x, top + 3.2 * span.thick], axis=1)
        braces = dabs(start, side * 2.4 * span.thick, -2.6 * span.thick)
        sweep(sheet, braces, Brush(0.45 * wide, ink, 0.95, 0.1, 0.02, 0.02), opaque=True)


def _rail(sheet: Sheet, span: Span, lift: float, pale: float, *, snowy: bool) -> None:
    """Posts and two bars, solid; `lift` raises the far one, `pale` takes it further off."""
    ink = mixed(mixed(span.wood, INK, 0.2), sheet.paper, pale)
    wide = max(0.42 * span.thick, 0.55 * sheet.unit)
    places = np.linspace(-0.94, 0.94, span.posts)
    foot = np.stack([span.columns(places), span.deck(places) + lift], axis=1)
    sweep(sheet, dabs(foot, 0.0, -1.08 * span.rail), Brush(wide, ink, 0.97, 0.05, 0.01, 0.01, 0.06), opaque=True)
    across = np.linspace(-1, 1, 60)
    for share, thick in ((1.0, 1.1), (0.55, 0.7)):
        row = span.deck(across) + lift - share * span.rail
        bar = _band(span, row - 0.5 * thick * wide, row + 0.5 * thick * wide, across)
        sheet.cover(bar, ink, 0.97)
        dark = np.stack([span.columns(across), row + 0.38 * thick * wide], axis=1)[None]
        sweep(sheet, dark, Brush(0.34 * wide, INK, 0.7 * (1 - pale), 0.3, 0.02, 0.02))
        if snowy and share == 1.0:
            sheet.cover(_band(span, row - 1.3 * thick * wide, row - 0.3 * thick * wide, across), WHITE, 0.97)


def _ends(sheet: Sheet, span: Span, *, snowy: bool) -> None:
    """Stout posts with a cap where either rail ends."""
    wide = max(0.8 * span.thick, 1.1 * sheet.unit)
    places = np.array([-1.0, 1.0])
    foot = np.stack([span.columns(places), span.deck(places) + 0.5 * span.thick], axis=1)
    high = 1.25 * span.rail + 0.5 * span.thick
    sweep(sheet, dabs(foot, 0.0, -high), Brush(wide, mixed(span.wood, INK, 0.25), 0.98, 0.04, 0.01, 0.01, 0.04), opaque=True)
    sweep(sheet, dabs(moved(foot, 0.3 * wide, 0), 0.0, -high), Brush(0.35 * wide, INK, 0.6, 0.2, 0.02, 0.02))
    caps = foot - (0, high)
    sweep(sheet, dabs(caps - (0.75 * wide, 0), 1.5 * wide, 0.0), Brush(0.4 * wide, INK, 0.95, 0.1, 0.02, 0.02), opaque=True)
    sweep(sheet, dabs(caps, 0.0, -0.9 * wide), Brush(0.95 * wide, mixed(INK, span.wood, 0.3), 0.97, 0.05, 0.05, 0.7), opaque=True)
    if snowy:
        snow = Brush(0.5 * wide, WHITE, 0.97, 0.1, 0.2, 0.2)
        sweep(sheet, dabs(caps - (0.4 * wide, 0.7 * wide), 0.8 * wide, 0.0), snow, opaque=True)
