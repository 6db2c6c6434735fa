"""What no description names and every landscape has: far groves, rocks in a corner, grass by the way."""

from workers.providers.local.painter import groves, rocks, sky
from workers.providers.local.painter.flowers import grass
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage


def far_trees(stage: Stage, y: float, height: float) -> None:
    """Two groves, one paler and further off, with mist at their feet; in every other landscape none."""
    sheet = stage.sheet
    if sheet.chance.uniform() < 0.5 and "forest" not in stage.view.words:
        return
    start, trees = sheet.chance.uniform(-0.05, 0.35), groves.kind(sheet, stage.view.season)
    for shift, share, tone in ((0.35, 0.7, 0.4), (0.0, 1.0, 0.72)):
        left = (start + shift) % 0.8 - 0.05
        span = sorted((stage.share(left), stage.share(left + 0.38)))
        trees(sheet, stage.light, (span[0], span[1]), y - 0.012 * shift, height * share, tone, snowy=stage.snowy)
    sky.mist(sheet, y + 0.012, 0.025, 0.7)


def foreground(stage: Stage) -> None:
    """Black rocks and grass in the empty side's corner, below the poem."""
    rocks.bank(stage.sheet, stage.lean, 0.97, 9 if stage.shot.number else 12, snowy=stage.snowy)
    tufts(stage, 0.93, 5)


def tufts(stage: Stage, top: float, count: int) -> None:
    """Grass by the way, smaller further off."""
    for _ in range(count):
        y = top + (1 - top) * stage.sheet.chance.uniform() ** 0.8
        size = 3 + 9 * (y - top) / (1 - top + 0.01)
        tuft(stage, stage.sheet.chance.uniform(0, 1) * stage.sheet.width, stage.y(y), size)


def tuft(stage: Stage, x: float, y: float, size: float) -> None:
    """One tuft of the season's grass, where no snow lies; its root in pixels, its size in units."""
    if stage.snowy:
        return
    dry = stage.view.season in ("autumn", "winter", "new year")
    colour = PIGMENTS["brown"] if dry else stage.light.dark_ink
    grass(stage.sheet, Spot(x, y, size, stage.lean, stage.light), colour=colour, count=12, height=0.8)
