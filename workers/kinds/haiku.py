"""Haiku: a chat turn becomes a poem, a poem becomes three scenes."""

from core.contracts.haiku import Compose, Describe
from core.contracts.job import Done
from core.illustrations import illustrations, painting
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
    return Done(answer, then=tuple(painting(scene, ask.poem, ask.seed) for scene in answer.value.scenes))
