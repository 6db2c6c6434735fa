"""Asks the painter's tests share, and pictures as numbers."""

import io
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import workers.providers.local.poet
from core.contracts.haiku import Scene, Season
from core.contracts.image import Paint
from workers.providers.local.painter import shots
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.sight import see
from workers.providers.local.painter.stage import Stage

POEM = ("秋雨や", "傘のしずくを", "聞いている")
SIDE = 300
"""Of an empty sheet, in pixels."""

BANK = Path(workers.providers.local.poet.__file__).parent / "bank"


def ask_for(
    shows: str = "an umbrella waits beneath a maple in the rain",
    *,
    season: Season = "autumn",
    light: str = "autumn night, rain",
    number: int = 1,
    seed: int = 7,
    calligraphy: tuple[str, ...] = POEM,
    side: int = 256,
) -> Paint:
    scene = Scene(number, f"Sumi-e ink painting, {light}: {shows}", f"{shows}.", "絵。")
    return Paint(scene=scene, season=season, calligraphy=calligraphy, seed=seed, width=side, height=side)


def stage_for(shows: str, *, season: Season = "autumn", number: int = 0, seed: int = 3) -> Stage:
    """An empty sheet by day, and what the words see on it."""
    glow = light(season, "day")
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), glow.paper)
    return Stage(sheet, see(shows, season), glow, shots.choose(0, number), turned=False, roomy=False)


def pixels(png: bytes) -> NDArray[np.float64]:
    """Rows, columns and colours, from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.float64)


def apart(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other: the mean difference of their pixels, of 255."""
    return float(np.abs(pixels(one) - pixels(other)).mean())


def bank_fragments(slot: str = ".") -> list[dict[str, str]]:
    """Every fragment the local poet knows, or those of one line: openings, middles, closings."""
    files = sorted((BANK / slot).rglob("*.toml"))
    return [fragment for file in files for fragment in tomllib.loads(file.read_text(encoding="utf-8"))["fragment"]]


def shown_through(paint: Callable[[Sheet], object], seed: int = 3) -> NDArray[np.float32]:
    """How much of what was on the sheet before is still seen at each place, from 0 to 1."""
    after = []
    for before in (0.0, 1.0):
        sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), light("autumn", "day").paper)
        sheet.cover(Tile(0, 0, np.ones((SIDE, SIDE), dtype=np.float32)), (before, before, before))
        paint(sheet)
        after.append(sheet.rgb)
    through: NDArray[np.float32] = np.abs(after[1] - after[0]).max(axis=2)
    return through
