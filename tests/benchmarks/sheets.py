"""Sheets of four pictures with the words each was painted from, for readers who judge the painter by eye.

`python -m tests.benchmarks.sheets FOLDER TOPIC…`: one scene of each topic's poem, the next scene with each topic.
"""

import asyncio
import sys
from io import BytesIO
from pathlib import Path
from textwrap import wrap

from PIL import Image, ImageDraw

from core.contracts.haiku import Describe, Scene
from core.contracts.image import Paint
from tests.workers.providers.local.poet.conversation import a_poem_on
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.painter.compose import picture
from workers.providers.local.poet.poet import LocalPoet
from workers.tools import Poet

SEED = 7
SIDE = 640
WORDS = 64


async def _scene_of(poet: Poet, topic: str, number: int) -> Paint:
    ask = Describe(await a_poem_on(poet, topic, SEED), SEED)
    scene: Scene = (await poet.describe(ask)).value.scenes[number]
    line = ask.poem.lines[number].japanese
    return Paint(scene, ask.poem.season, calligraphy=(line,), seed=SEED + scene.number)


def _captioned(ask: Paint) -> Image.Image:
    tile = Image.new("RGB", (SIDE, SIDE + WORDS), "white")
    tile.paste(Image.open(BytesIO(picture(ask))).convert("RGB").resize((SIDE, SIDE)))
    caption = "\n".join(wrap(ask.scene.description, 84))
    ImageDraw.Draw(tile).text((8, SIDE + 4), caption, fill="black", font_size=15)
    return tile


def _sheet(asks: list[Paint]) -> Image.Image:
    sheet = Image.new("RGB", (2 * SIDE, 2 * (SIDE + WORDS)), "white")
    for place, ask in enumerate(asks):
        sheet.paste(_captioned(ask), (place % 2 * SIDE, place // 2 * (SIDE + WORDS)))
    return sheet


async def _scenes_on(topics: list[str]) -> list[Paint]:
    poet = LocalPoet(MiniLM())
    return [await _scene_of(poet, topic, number % 3) for number, topic in enumerate(topics)]


def _lay_out(folder: Path, asks: list[Paint]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(asks), 4):
        _sheet(asks[first : first + 4]).save(folder / f"sheet{first // 4 + 1}.png")


if __name__ == "__main__":
    _lay_out(Path(sys.argv[1]), asyncio.run(_scenes_on(sys.argv[2:])))
