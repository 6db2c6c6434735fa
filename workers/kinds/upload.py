"""Uploads."""

from core.contracts.job import Done
from core.contracts.upload import Check
from workers.context import JobContext
from workers.tools import ImageTools


async def check(ask: Check, tools: ImageTools, _: JobContext) -> Done:
    return Done(await tools.inspector.inspect(ask))
