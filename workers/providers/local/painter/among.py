"""Trees about what stands among them: on either hand of it, and before its walls."""

from msgspec.structs import replace

from workers.providers.local.painter import named, placing
from workers.providers.local.painter.spot import Plant
from workers.providers.local.painter.stage import Stage


def among(stage: Stage, grow: Plant) -> None:
    """Trees on either hand of a way or a house, none on what they stand about."""
    unit, chance, clear = stage.sheet.unit, stage.sheet.chance, placing.clearings(stage)
    left = min((each.left for each in clear), default=stage.x(stage.stands) - 7 * unit)
    right = max((each.right for each in clear), default=stage.x(stage.stands) + 7 * unit)
    foot, size = (stage.middle, 24) if named.is_far(stage) else (stage.front - 0.05, 50)
    for side, gap, down in ((-1, 3, 0.0), (1, 4, 0.01), (-1, 13, 0.02), (1, 14, 0.03), (-1, 22, 0.045)):
        x = (left - gap * unit if side < 0 else right + gap * unit) + chance.normal(0, 1.5) * unit
        if _inside(stage, float(x)):
            tree = stage.spot(0.5, foot + down, size * chance.uniform(0.85, 1.15))
            grow(stage.sheet, replace(tree, x=float(x), lean=side if clear else 0, clear=clear))


def below_a_roof(stage: Stage, grow: Plant) -> None:
    """Lower trees before the walls of what stands far off: its roof is seen above them, its door between them."""
    (first, *_), chance = placing.clearings(stage), stage.sheet.chance
    wide = first.right - first.left
    for share in (0.02, 0.16, 0.3, 0.72, 0.86, 1.0):
        tree = stage.spot(0.5, stage.middle + 0.03 + chance.uniform(0, 0.025), 0.12 * wide / stage.sheet.unit)
        x = first.left + (share + chance.normal(0, 0.03)) * wide
        if _inside(stage, float(x)):
            grow(stage.sheet, replace(tree, x=float(x), size=tree.size * chance.uniform(0.8, 1.2), lean=0))


def _inside(stage: Stage, x: float) -> bool:
    """Whether a tree may stand at `x`, in pixels: in the picture, and not where the poem is written."""
    share = stage.share(x / stage.sheet.width)
    return -0.03 < share < (0.79 if stage.roomy else 1.03)
