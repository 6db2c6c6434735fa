"""Flat stones to walk on: one, and a row of them along a way."""

import numpy as np

from workers.providers.local.painter.brush import Curves, Floats, along
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_FLAT = 0.34
"""How high a round looks that lies on the ground, of its width."""

_LEAST = 0.22
"""Half the width of the smallest stone that is still seen, in units."""

_STONE = mixed(PIGMENTS["pale"], PIGMENTS["paper"], 0.35)


def stepping(stage: Stage, edges: Curves) -> None:
    """Stones apart from each other from a way's near end to its far one, smaller as it narrows; `edges` in pixels."""
    chance = stage.sheet.chance
    middle, half = edges.mean(axis=0), 0.3 * np.linalg.norm(edges[1] - edges[0], axis=1)
    strides = np.hypot(*(np.diff(middle, axis=0) / (1, _FLAT)).T) / (half[:-1] + half[1:]) * 2
    walked = np.concatenate([[0.0], strides.cumsum()])
    at = np.interp(np.arange(0.5, walked[-1], 3.0), walked, np.arange(len(middle)))
    places, sizes = along(middle, at), np.interp(at, np.arange(len(half)), half)
    aside = 0.3 * sizes * (-1.0) ** np.arange(len(at)) * chance.uniform(0.2, 1.3, len(at))
    for (x, y), out, size in list(zip(places, aside, sizes * chance.uniform(0.82, 1.1, len(at)), strict=True))[::-1]:
        if size > _LEAST * stage.sheet.unit:
            flat_stone(stage, float(x + out), float(y), float(size))


def flat_stone(stage: Stage, x: float, y: float, half: float) -> None:
    """Its worn top, pale or dark with rain, and the dark of its edge in the ground; all in pixels."""
    sheet = stage.sheet
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    reach = half * sheet.chance.uniform(0.74, 1.16, 8)
    top: Floats = np.stack([x + reach * np.cos(turn), y + _FLAT * reach * np.sin(turn)], axis=1)
    points = [(float(a), float(b)) for a, b in top]
    thick = 0.13 * half
    sheet.cover(
        shape([(a, b + thick) for a, b in points], soft=0.1 * sheet.unit), mixed(stage.light.dark_ink, PIGMENTS["grey"], 0.25)
    )
    face = shape(points, soft=0.08 * sheet.unit)
    wet = 0.22 if "rain" in stage.view.weather else 0.0
    stone = WHITE if stage.snowy else mixed(_STONE, stage.light.ink, 0.06 + wet + 0.16 * stage.light.dark)
    sheet.cover(sheet.granulate(face, 0.1), stone, 0.97)
    sheet.wash(sheet.granulate(face, 1.2), stage.light.ink, 0.22)
