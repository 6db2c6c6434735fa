"""One picture from one ask: the setting, what grows and stands in it, the weather, the poem, the paper."""

import io
import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from core.contracts.image import Paint
from workers.providers.local.painter import aloft, cast, earth, frames, placing, ranges, settings, shots, sky
from workers.providers.local.painter.calligraphy import Place, extent, write
from workers.providers.local.painter.noise import Chance, clouds
from workers.providers.local.painter.palette import cleared, greened, light
from workers.providers.local.painter.rooms import INDOORS
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sight import see
from workers.providers.local.painter.stage import Stage


def picture(ask: Paint) -> bytes:
    """The PNG; the same ask is the same bytes."""
    return _png(paint(ask))


def paint(ask: Paint) -> Sheet:
    """The finished sheet."""
    told, number = ask.scene.description, ask.scene.number
    chance = np.random.default_rng([ask.seed, zlib.crc32(told.encode())])
    # All scenes of a poem are told with the same season, hour and weather, and no other poem's need be.
    poem = zlib.crc32(f"{ask.season} {told.rpartition(': ')[0]}".encode())
    view, shot = see(told, ask.season), shots.choose(poem, number)
    frame = frames.BESIDE if settings.along_a_street(view) else frames.choose(poem, number)
    glow = light(view.season, view.hour, shot.number)
    if "young_grass" in view.plants or ({"green"} <= view.words and view.setting in ("field", "hill")):
        glow = greened(glow)
    if view.hour == "day" and (view.says("clear deep blue high", "sky") or settings.under_a_day_sun(view)):
        glow = cleared(glow)
    paper = Sheet(ask.width, ask.height, chance, glow.paper)
    width = int(ask.width * (frame.right - frame.left))
    height = int(ask.height * (frame.bottom - frame.top))
    scene = Sheet(width, height, chance, glow.ground_paper)
    country = ranges.choose(view, poem, number)
    stage = Stage(scene, view, glow, shot, frame.turned, frame.roomy, frame.round, frame.zone, country=country)
    _scene(stage)
    frames.lay(paper, scene, frame)
    _inscribe(paper, ask, frame, night=frame.roomy and glow.dark > 0.5)
    _weave(paper, chance)
    return paper


def _scene(stage: Stage) -> None:
    name = settings.choose(stage.view, stage.shot.number)
    stage.relief = _relief(stage)
    if name in INDOORS:
        INDOORS[name](stage)
        placing.stand(stage)
        return
    settings.OUTDOORS[name](stage)
    aloft.far_flock(stage)
    placing.stand_far(stage)
    if "mist" in stage.view.weather:
        veil(stage, name)
    cast.plant(stage)
    # Trunks that stand on the near ground would be seen through the wet.
    if "rain" in stage.view.weather and not (stage.view.setting == "path" and "bamboo" in stage.view.plants):
        earth.wet(stage.sheet, stage.middle + 0.01)
    placing.stand(stage)
    cast.fall(stage)


def _relief(stage: Stage) -> float:
    """Mountains where they are named; elsewhere mountains, hills or a plain, as it happens."""
    named = stage.view.room or stage.view.words & _HIGH or stage.view.setting in ("mountain", "valley", "fall", "snowfield")
    heights = (1.0, 0.8, 0.7) if stage.view.setting in ("path", "avenue") else (1.0, 0.8, 0.5, 0.3)
    return 1.0 if named else float(stage.sheet.chance.choice(heights))


_HIGH = frozenset({"mountain", "mountains", "peak", "peaks", "ridge", "ridges", "summit", "hills", "valley"})


def veil(stage: Stage, name: str) -> None:
    """Mist in two banks; but a way goes into one, or its far end would hang between them, and a forest has its own between its
    trees, behind the nearest."""
    if name == "forest":
        return
    if name in ("path", "avenue"):
        sky.mist(stage.sheet, stage.middle + 0.06, 0.1, 0.9)
        return
    sky.mist(stage.sheet, 0.6, 0.1, 0.85)
    sky.mist(stage.sheet, 0.84, 0.11, 0.8)


def _inscribe(paper: Sheet, ask: Paint, frame: frames.Frame, *, night: bool) -> None:
    columns = [column for column in ask.calligraphy if column]
    if columns:
        write(paper, columns, place(paper, columns, frame), night=night)


def place(paper: Sheet, columns: Sequence[str], frame: frames.Frame) -> Place:
    """Where the frame wants the poem, made smaller where it would not fit; a single line is written larger than a poem."""
    size = frame.character * paper.unit * (1.0 if len(columns) == 1 else 0.78)
    width, height = extent(columns, size)
    right, top = frame.poem[0] * paper.width, frame.poem[1] * paper.height
    if frame.turned:
        right += width - 1.1 * size
    fit = min(1.0, (right - 0.02 * paper.width) / width, (paper.height * 0.975 - top) / height)
    return Place(right, top, size * fit)


def _weave(paper: Sheet, chance: Chance) -> None:
    """The tooth of washi over everything."""
    tooth = clouds(chance, paper.width, paper.height, 2.2, 2, stretched=1.6) - 0.5
    paper.rgb *= (1 + 0.05 * tooth + 0.05 * (paper.mottle - 0.5))[..., None]


def _png(sheet: Sheet) -> bytes:
    pixels = (np.clip(sheet.rgb, 0, 1) * 255 + 0.5).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=3)
    return file.getvalue()
