"""Lotus on a pond: round leaves on the water and the flowers held above them."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import pooled, shape


def afloat(stage: Stage) -> None:
    """It grows out of the water, well before the near shore; the nearest last."""
    for share, y, size in ((0.5, 0.69, 26), (0.2, 0.74, 34), (0.46, 0.82, 44)):
        jitter = stage.sheet.chance.normal(0, 0.012)
        lotus(stage.sheet, stage.spot(share + jitter, y + jitter, size))


def lotus(sheet: Sheet, spot: Spot) -> None:
    """Round leaves lying on the water, and one flower held up."""
    unit = sheet.unit
    for shift, size in ((-1.0, 0.9), (0.7, 1.1), (1.9, 0.7)):
        x, y = spot.x + shift * 0.26 * spot.size * unit * spot.lean, spot.y + sheet.chance.uniform(-0.05, 0.05) * spot.size * unit
        half = size * 0.22 * spot.size * unit
        pad = shape(
            [
                (x - half, y),
                (x - half * 0.4, y - half * 0.36),
                (x + half * 0.7, y - half * 0.3),
                (x + half, y),
                (x + half * 0.3, y + half * 0.3),
                (x - half * 0.6, y + half * 0.28),
            ]
        )
        sheet.cover(pad, PIGMENTS["green"], 0.9)
        sheet.wash(pooled(sheet, pad, 0.4), PIGMENTS["moss"], 0.85)
        veins = trees.rays(np.array([[x, y]]), np.linspace(0, 5.6, 9)[None], 0, np.full((1, 9), half * 0.8))
        veins[..., 1] = y + (veins[..., 1] - y) * 0.34
        sweep(sheet, veins, Brush(0.35 * unit, INK, 0.5, 0.4, 0.1, 0.6))
    head = np.array([[spot.x, spot.y - spot.size * 0.5 * unit]])
    sweep(
        sheet, np.stack([np.array([[spot.x, spot.y]]), head], axis=1), Brush(0.8 * unit, PIGMENTS["moss"], 0.9, 0.2, 0.05, 0.05)
    )
    for spread, tone in ((1.0, 0.6), (0.55, 0.9)):
        petals = trees.rays(
            head, -np.pi / 2 + np.linspace(-1.25, 1.25, 7)[None] * spread, 0, np.full((1, 7), 0.2 * spot.size * unit)
        )
        sweep(sheet, petals, Brush(0.08 * spot.size * unit, PIGMENTS["white"], 0.92, 0, 0.6, 0.5), opaque=True)
        sweep(sheet, petals, Brush(0.08 * spot.size * unit, PIGMENTS["pink"], 0.85, 0.4, 0.5, 0.5), 1.0, tone)
