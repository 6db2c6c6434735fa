"""Haiku: a chat turn becomes a poem, a poem becomes three scenes."""

from core.contracts.haiku import Compose, Describe, Scene
from core.contracts.image import Paint
from core.contracts.job import Done
from core.illustrations import illustrations
from workers.context import JobContext
from workers.tools import TextTools


async def compose(ask: Compose, tools: TextTools, job: JobContext) -> Done:
    answer = await tools.poet.converse(ask, on_text=job.delta)
    poem = answer.value.poem
    # A poem that stays as it is keeps the pictures and voices it has.
    is_due = ask.interrupted if poem == ask.poem else ask.illustrate
    return Done(answer, then=illustrations(poem, ask.seed) if is_due else ())


async def scenes(ask: Describe, tools: TextTools, _: JobContext) -> Done:
    answer = await tools.poet.describe(ask)
    return Done(answer, then=tuple(_painting(scene, ask) for scene in answer.value.scenes))


def _painting(scene: Scene, ask: Describe) -> Paint:
    line = ask.poem.lines[scene.number - 1]
    return Paint(scene, ask.poem.season, calligraphy=(line.japanese,), seed=ask.seed + scene.number)
