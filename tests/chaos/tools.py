"""Tools that answer in a moment, are paid each time, suffer every weather, and sometimes take their worker with them."""

import asyncio
import os
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.contracts.budget import Expected
from core.contracts.haiku import Compose, Describe, Draft, Line, Poem, Scene, Scenes
from core.contracts.image import Paint, Picture
from core.contracts.job import Answer, Ask, File, Paid, Queue
from core.contracts.speech import Recording, Say
from core.contracts.upload import Check, Checked
from core.errors import TryAgain
from tests.chaos.ledger import Ledger
from tests.chaos.storm import Storm
from workers.tools import ImageTools, OnText, SpeechTools, TextTools, Tools

PAID = Paid("chaos", "chaos-1", {"calls": 1}, 100)
POISON = "poison"
QUICK, SLOW = 0.05, 2.0
THROTTLED = timedelta(seconds=0.5)


@dataclass
class Provider:
    """What all tools share. `deadly` is the chance that the process dies right after it paid."""

    storm: Storm
    ledger: Ledger
    deadly: float

    async def serve(self, ask: Ask) -> bool:
        """Wait, be paid for a good answer, perhaps die. False for nonsense. Raises TryAgain in bad weather."""
        weather = self.storm.weather()
        await asyncio.sleep(SLOW if weather == "slow" else QUICK * random.uniform(0.5, 2))
        if weather == "throttle":
            raise TryAgain("Too many calls.", THROTTLED, refund=True)
        if weather == "broken":
            raise TryAgain("The provider answers 503.")
        if weather == "truncated":
            raise TryAgain("The answer ended in the middle.")
        if weather == "nonsense":
            return False
        self.ledger.pay(ask)
        if random.random() < self.deadly:
            os._exit(9)
        return True


class Chaotic:
    """What it takes is known beforehand."""

    provider, model = PAID.provider, PAID.model

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def expected(self, _: Any) -> Expected:
        return Expected(PAID.cost_microusd)


class ChaosPoet(Chaotic):
    """A poem nobody else has; a poisonous topic kills whoever reads it."""

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        if ask.topic == POISON:
            os._exit(9)
        await on_text("…")
        sense = await self._provider.serve(ask)
        draft = Draft("Here it is.", _poem(ask.seed), "chaos")
        return Answer(draft if sense else None, PAID)  # type: ignore[arg-type]  # what a provider may do

    async def describe(self, ask: Describe) -> Answer[Scenes]:
        await self._provider.serve(ask)
        one, two, three = (Scene(number, f"{ask.seed}", "alt", "代替") for number in (1, 2, 3))
        return Answer(Scenes((one, two, three)), PAID)


class ChaosPainter(Chaotic):
    """Bytes instead of pictures."""

    async def paint(self, ask: Paint) -> Answer[Picture]:
        await self._provider.serve(ask)
        picture = Picture(ask.scene.number, ask.width, ask.height, "alt", "代替", "chaos")
        return Answer(picture, PAID, File(f"picture {ask.seed}".encode() * 100, "image/png"))


class ChaosInspector(Chaotic):
    """Finds everything clean."""

    async def inspect(self, ask: Check) -> Answer[Checked]:
        await self._provider.serve(ask)
        return Answer(Checked(8, 8, "image/png"), PAID, File(ask.key.encode(), "image/jpeg"))


class ChaosVoice(Chaotic):
    """Bytes instead of speech."""

    async def say(self, ask: Say) -> Answer[Recording]:
        await self._provider.serve(ask)
        return Answer(Recording(ask.number, 1.0, "chaos"), PAID, File(ask.text.encode() * 100, "audio/mpeg"))


def chaos_tools(provider: Provider) -> dict[Queue, Tools]:
    return {
        "text": TextTools(ChaosPoet(provider)),
        "image": ImageTools(ChaosPainter(provider), ChaosInspector(provider)),
        "speech": SpeechTools(ChaosVoice(provider)),
    }


def _poem(seed: int) -> Poem:
    one, two, three = (Line(f"{seed} {number}", "ふるいけや", "ふるいけ や", "line") for number in (1, 2, 3))
    return Poem((one, two, three), "spring", "蛙", "frog")
