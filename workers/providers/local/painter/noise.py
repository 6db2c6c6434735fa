"""Chance with a grain: clouds, ridges and bristles grown from one seeded generator."""

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

Plane = npt.NDArray[np.float32]
"""A field of numbers, rows by columns; masks run from 0 (untouched) to 1."""

Chance = np.random.Generator


def stretch(plane: Plane, width: int, height: int) -> Plane:
    """The same field over another number of pixels, smoothly."""
    return np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def clouds(chance: Chance, width: int, height: int, cell: float, octaves: int = 4, stretched: float = 1.0) -> Plane:
    """Fractal noise about 0.5 with deviation 0.2; `cell` is the largest cloud in pixels, `stretched` how much wider than high."""
    coarse = max(1, min(4, int(cell / 2**octaves)))
    if coarse > 1:
        # The finest cloud is several pixels wide: grow it small, no one can tell.
        small = clouds(chance, width // coarse + 1, height // coarse + 1, cell / coarse, octaves, stretched)
        return np.clip(stretch(small, width, height), 0, 1)
    field = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        size = cell / 2**octave
        columns, rows = int(width / (size * stretched)) + 3, int(height / size) + 3
        field += stretch(chance.standard_normal((rows, columns), dtype=np.float32), width, height) * 0.55**octave
    return level(field)


def level(field: Plane) -> Plane:
    """Mean 0.5, deviation 0.2, nothing outside 0 and 1."""
    return np.asarray(np.clip((field - field.mean()) / (field.std() + 1e-6) * 0.2 + 0.5, 0, 1), dtype=np.float32)


def ridge(chance: Chance, length: int, cell: float, octaves: int = 6, roughness: float = 0.5) -> Plane:
    """A line of hills about 0 with heights of about 1; `cell` is the widest hill in pixels."""
    line = np.zeros(length, dtype=np.float32)
    for octave in range(octaves):
        knots = int(length / (cell / 2**octave)) + 3
        heights = chance.uniform(-1, 1, knots)
        at = np.linspace(0, knots - 1, length) + chance.uniform(0, 0.5)
        line += (np.interp(at, np.arange(knots), heights) * roughness**octave).astype(np.float32)
    return line


@cache
def bristles() -> Plane:
    """What every brush leaves: rows across the brush, columns along its way, about uniform from 0 to 1."""
    chance = np.random.default_rng(0)
    fine = clouds(chance, 1024, 256, 3, 2, stretched=26)
    broad = clouds(chance, 1024, 256, 14, 2, stretched=12)
    speckle = clouds(chance, 1024, 256, 3, 1, stretched=1.5)
    return np.asarray(np.clip((level(fine + 0.7 * broad + 0.45 * speckle) - 0.5) * 1.5 + 0.5, 0, 1), dtype=np.float32)
