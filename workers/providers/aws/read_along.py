"""Words while they are written, for whoever reads along: a word is passed on once the guardrail has read it, and never before."""

from collections.abc import Awaitable, Callable
from typing import Any

from core.errors import TryAgain
from workers.tools import OnText

Json = dict[str, Any]
SoFar = Callable[[Json], str]
"""What people may read of an answer that is still being written; it is given whole words only."""


class ReadAlong:
    """`guard` raises JobFailed for words nobody may read. All of them are shown to it each time: a sentence may be parted over
    two lines."""

    def __init__(self, so_far: SoFar, guard: Callable[[str], Awaitable[None]], on_text: OnText) -> None:
        self._so_far = so_far
        self._guard = guard
        self._on_text = on_text
        self._shown = ""
        self._told = ""

    async def hear(self, answer: Json) -> None:
        """The answer as far as it is written, again and again."""
        text = self._so_far(answer)
        if text == self._shown or not text.startswith(self._told):
            return
        self._shown = text
        try:
            await self._guard(text)
        except TryAgain:
            # Held back until the next line: the answer is worth more than that somebody sees it grow.
            return
        piece, self._told = text[len(self._told) :], text
        await self._on_text(piece)
