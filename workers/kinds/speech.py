"""Recordings."""

from core.contracts.job import Done
from core.contracts.speech import Say
from workers.context import JobContext
from workers.tools import SpeechTools


async def say(ask: Say, tools: SpeechTools, _: JobContext) -> Done:
    return Done(await tools.voice.say(ask))
