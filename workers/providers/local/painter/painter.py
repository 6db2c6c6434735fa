"""Paints on this machine: ink washes, brush strokes and calligraphy, calculated."""

import os
from datetime import timedelta

from core.contracts.image import Paint, Picture
from core.contracts.job import Answer, File, Paid
from core.errors import GiveUp
from workers.providers.local.painter.easels import Easels
from workers.tools import DoneHere

PAINTED_BY = "a program for ink painting, on this machine"
MODEL = "sumi-e-brush"
SMALLEST_SIDE, LARGEST_SIDE = 256, 2048
LONGEST_CALLIGRAPHY = 60
"""In characters, over all columns."""

_MOST_PROCESSES = 2


class LocalPainter(DoneHere):
    """The Painter of this machine; the same ask is the same picture, byte for byte.

    Owns at most two processes, which come with the first picture and leave after `idle` without one.
    """

    provider, model = "local", MODEL

    def __init__(self, idle: timedelta = timedelta(seconds=60)) -> None:
        self._easels = Easels(min(_MOST_PROCESSES, os.cpu_count() or 1), idle)

    async def paint(self, ask: Paint) -> Answer[Picture]:
        """Raises GiveUp for an ask nobody can paint, TryAgain when the painting process dies."""
        _check(ask)
        png = await self._easels.paint(ask)
        scene = ask.scene
        return Answer(
            value=Picture(scene.number, ask.width, ask.height, scene.alt, scene.alt_japanese, PAINTED_BY),
            paid=Paid(provider="local", model=MODEL, usage={"images": 1}, cost_microusd=0),
            file=File(png, "image/png"),
        )

    async def close(self) -> None:
        """Waits for the pictures being painted, then sends the processes home."""
        await self._easels.close()


def _check(ask: Paint) -> None:
    for side in (ask.width, ask.height):
        if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
            raise GiveUp(f"A picture's sides are {SMALLEST_SIDE} to {LARGEST_SIDE} pixels, not {side}.")
    if max(ask.width, ask.height) > 2 * min(ask.width, ask.height):
        raise GiveUp("A picture is at most twice as long as it is wide.")
    if ask.seed < 0:
        raise GiveUp(f"A seed is not negative; this one is {ask.seed}.")
    if sum(map(len, ask.calligraphy)) > LONGEST_CALLIGRAPHY:
        raise GiveUp(f"The brush writes {LONGEST_CALLIGRAPHY} characters in one picture.")
