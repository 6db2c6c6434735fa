"""A tree that is seen whole: the shade about its foot before it, and the grass that stands before that."""

import numpy as np
from msgspec.structs import replace

from workers.providers.local.painter.sight import View
from workers.providers.local.painter.spot import Plant, Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tuft
from workers.providers.local.painter.washes import disc

_LOWEST = 0.97
"""Whatever is rooted below it, a share of the height, is cut by the frame and shows no foot."""

_LAND = frozenset({"", "mountain", "valley", "hill", "garden", "field"})
"""Settings that have firm ground before the viewer."""

_UP_THERE = 0.88
"""How large a tree on a hill is beside others: above it there is less sky."""


def stands(view: View) -> bool:
    """Whether one tree is said to stand on land: what stands has a foot, and that is seen."""
    on_land = view.setting in _LAND and not view.sky
    return on_land and bool(view.words & {"stands", "holds", "leans"}) and "branch" not in view.words


def standing(stage: Stage, grow: Plant, spot: Spot) -> None:
    """The tree; where its foot is in the picture, with the ground it holds."""
    if spot.y > _LOWEST * stage.sheet.height:
        grow(stage.sheet, spot)
        return
    _shade(stage, spot)
    grow(stage.sheet, spot)
    _overgrown(stage, spot)


def on_the_hill(stage: Stage, spot: Spot) -> Spot:
    """The same on top of the hill, where one is what it stands on."""
    if stage.view.setting != "hill":
        return spot
    return replace(spot, x=stage.x(stage.focus + 0.06), y=stage.y(stage.middle + 0.015), size=_UP_THERE * spot.size)


def _shade(stage: Stage, spot: Spot) -> None:
    """Soft, and flat as the ground is; it falls to the side the tree leans to."""
    reach = 0.17 * spot.size * stage.sheet.unit
    round_ = disc(reach * 1.5, reach * 1.5, 0.4 * reach, reach)
    flat = round_.mask[::4]
    left, top = spot.x - flat.shape[1] / 2 + 0.25 * reach * stage.lean, spot.y - flat.shape[0] / 2
    shade = round_._replace(x=int(left), y=int(top), mask=np.ascontiguousarray(flat))
    stage.sheet.wash(stage.sheet.granulate(shade, 0.3), stage.light.dark_ink, 0.25 if stage.snowy else 0.5)


def _overgrown(stage: Stage, spot: Spot) -> None:
    """Tufts on either hand of the trunk and low ones before it, the furthest first."""
    wide = 0.055 * spot.size * spot.stout * stage.sheet.unit
    for out, down, share in ((-1.6, -0.1, 0.075), (1.5, 0.0, 0.08), (-0.75, 0.25, 0.05), (0.8, 0.3, 0.055), (0.05, 0.45, 0.038)):
        x = spot.x + (out + stage.sheet.chance.normal(0, 0.12)) * wide
        tuft(stage, x, spot.y + down * wide, share * spot.size * stage.sheet.chance.uniform(0.85, 1.15))
