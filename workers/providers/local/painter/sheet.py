"""The sheet of washi: what lies on it so far, and the two ways ink gets there."""

from typing import NamedTuple

import numpy as np

from workers.providers.local.painter.noise import Chance, Plane, bristles, clouds

Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""


class Tile(NamedTuple):
    """A mask and where its upper left corner lies, in pixels; it may reach over the sheet's edges."""

    x: int
    y: int
    mask: Plane


class Sheet:
    """A picture while it is painted. `unit` is a hundredth of its short side, in pixels."""

    def __init__(self, width: int, height: int, chance: Chance, paper: Colour) -> None:
        self.width, self.height, self.chance, self.paper = width, height, chance, paper
        self.unit = min(width, height) / 100
        self.rgb = np.empty((height, width, 3), dtype=np.float32)
        self.rgb[:] = paper
        self.mottle = clouds(chance, width, height, 34 * self.unit, 6)
        self.bristles = bristles()

    def wash(self, tile: Tile, colour: Colour, strength: float = 1.0) -> None:
        """Transparent ink: what lies below shows through and darkens, as two washes do."""
        rows, columns, mask = self.inside(tile)
        below, ink = self.rgb[rows, columns], mask * np.float32(strength)
        # A channel at a time: half the time of all three at once.
        for channel, tint in enumerate(colour):
            below[..., channel] *= 1 - ink * np.float32(1 - tint)

    def cover(self, tile: Tile, colour: Colour, strength: float = 1.0) -> None:
        """Opaque colour, as shell white is: what lies below is gone."""
        rows, columns, mask = self.inside(tile)
        below, white = self.rgb[rows, columns], mask * np.float32(strength)
        kept = 1 - white
        for channel, tint in enumerate(colour):
            below[..., channel] *= kept
            below[..., channel] += white * np.float32(tint)

    def granulate(self, tile: Tile, amount: float) -> Tile:
        """Let the pigment settle unevenly, by the same mottle everywhere: the paper's own."""
        rows, columns, mask = self.inside(tile)
        settled = mask * (1 + amount * 2.4 * (self.mottle[rows, columns] - 0.5))
        return Tile(columns.start, rows.start, np.clip(settled, 0, 1).astype(np.float32))

    def inside(self, tile: Tile) -> tuple[slice, slice, Plane]:
        """Which of the sheet's rows and columns the tile lies on, and that part of its mask."""
        top, left = max(0, tile.y), max(0, tile.x)
        bottom = max(top, min(self.height, tile.y + tile.mask.shape[0]))
        right = max(left, min(self.width, tile.x + tile.mask.shape[1]))
        mask = tile.mask[max(0, -tile.y) :, max(0, -tile.x) :][: bottom - top, : right - left]
        return slice(top, bottom), slice(left, right), mask
