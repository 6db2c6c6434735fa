"""One picture from one ask: the setting, what grows and stands in it, the weather, the poem, the paper."""

import io
import zlib

import numpy as np
from PIL import Image

from core.contracts.image import Paint
from workers.providers.local.painter import cast, frames, sky
from workers.providers.local.painter.calligraphy import Place, extent, write
from workers.providers.local.painter.noise import Chance, clouds
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.rooms import INDOORS
from workers.providers.local.painter.settings import OUTDOORS
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sight import View, see
from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.stage import Stage


def picture(ask: Paint) -> bytes:
    """The PNG; the same ask is the same bytes."""
    return _png(paint(ask))


def paint(ask: Paint) -> Sheet:
    """The finished sheet."""
    chance = np.random.default_rng([ask.seed, zlib.crc32(ask.scene.description.encode())])
    view = see(ask.scene.description, ask.season)
    frame = frames.choose(ask.calligraphy, ask.scene.number)
    glow = light(view.season, view.hour)
    paper = Sheet(ask.width, ask.height, chance, glow.paper)
    width = int(ask.width * (frame.right - frame.left))
    height = int(ask.height * (frame.bottom - frame.top))
    scene = Sheet(width, height, chance, glow.paper)
    _scene(Stage(scene, view, glow, frame.turned, frame.roomy, frame.zone))
    frames.lay(paper, scene, frame)
    _inscribe(paper, ask, frame)
    _weave(paper, chance)
    return paper


def _scene(stage: Stage) -> None:
    name = setting(stage.view)
    if name in INDOORS:
        INDOORS[name](stage)
        cast.stand(stage)
        return
    OUTDOORS[name](stage)
    cast.plant(stage)
    cast.stand_far(stage)
    cast.stand(stage)
    if "mist" in stage.view.weather:
        sky.mist(stage.sheet, 0.62, 0.12, 0.75)
    cast.fall(stage)


def setting(view: View) -> str:
    """The setting the words name; for small things a table; for none, a landscape of the season."""
    if view.room == "window":
        return "window"
    small = bool(view.things) and all(sketches()[name].stand == "table" for name in view.things)
    if view.room or (small and not view.setting):
        return "still life"
    return view.setting or {"summer": "river", "winter": "snowfield"}.get(view.season, "mountain")


def _inscribe(paper: Sheet, ask: Paint, frame: frames.Frame) -> None:
    columns = [column for column in ask.calligraphy if column]
    if not columns:
        return
    size = frame.character * paper.unit
    right, top = frame.poem[0] * paper.width, frame.poem[1] * paper.height
    width, height = extent(columns, size)
    fit = min(1.0, (right - 0.02 * paper.width) / width, (paper.height * 0.975 - top) / height)
    write(paper, columns, Place(right, top, size * fit))


def _weave(paper: Sheet, chance: Chance) -> None:
    """The tooth of washi over everything."""
    tooth = clouds(chance, paper.width, paper.height, 2.2, 2, stretched=1.6) - 0.5
    paper.rgb *= (1 + 0.05 * tooth + 0.05 * (paper.mottle - 0.5))[..., None]


def _png(sheet: Sheet) -> bytes:
    pixels = (np.clip(sheet.rgb, 0, 1) * 255 + 0.5).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=3)
    return file.getvalue()
