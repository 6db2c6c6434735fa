"""Pictures."""

from core.contracts.image import Paint
from core.contracts.job import Done
from workers.context import JobContext
from workers.tools import ImageTools


async def paint(ask: Paint, tools: ImageTools, _: JobContext) -> Done:
    return Done(await tools.painter.paint(ask))
