"""The poet of one machine: composes from fragments, and says so."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

import msgspec
from msgspec import Struct

from core.contracts.haiku import Compose, Describe, Draft, Message, Poem, Scenes
from core.contracts.job import Answer, Paid
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.choose import Ask, Choice, choose
from workers.providers.local.poet.listen import hear
from workers.providers.local.poet.match import match
from workers.providers.local.poet.reply import NEAR, first_words, next_words
from workers.providers.local.poet.scenes import scenes_for
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.wishes import Wish, add_up
from workers.tools import OnText

COMPOSED_BY = "Kotonoha's local poet (composed from fragments, not by a language model)"
PAID = Paid(provider="local", model="fragments-1", cost_microusd=0)

A = TypeVar("A")
R = TypeVar("R")

_TOPIC, _WORD, _ADDED = 1.0, 0.6, 1.2
_FROM_A_TOPIC = ("season", "time", "mood", "with", "without")


class _Turn(Struct, frozen=True):
    """A turn of the chat on its way to a draft: what was asked, what the learner's newest words wish for, what was chosen."""

    ask: Compose
    newest: tuple[Wish, ...]
    choice: Choice


class LocalPoet:
    """A Poet without a language model: the same ask is the same poem.

    Owns one thread, where the bank is read with the first poem; a dictionary and MiniLM follow when a topic needs them.
    """

    def __init__(self, minilm: MiniLM) -> None:
        self._minilm = minilm
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="poet")

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        turn = await self._away(self._choose, ask)
        for number, line in enumerate(poem_of(turn.choice.verse).lines):
            await on_text(f"\n{line.japanese}" if number else line.japanese)
        return Answer(await self._away(self._draft, turn), PAID)

    async def describe(self, ask: Describe) -> Answer[Scenes]:
        return Answer(await self._away(self._describe, ask.poem), PAID)

    async def close(self) -> None:
        """Waits for the poem being made; those still waiting are dropped."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def _away(self, work: Callable[[A], R], argument: A) -> R:
        """Away from the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, argument)

    def _choose(self, ask: Compose) -> _Turn:
        turns = [hear(text, self._anthology.vocabulary) for text in _said(ask)]
        phrases = self._phrases(ask.topic, add_up(turns))
        return _Turn(ask, turns[-1] if turns else (), choose(self._anthology, self._asked(ask, turns, phrases)))

    def _draft(self, turn: _Turn) -> Draft:
        return Draft(self._reply(turn), poem_of(turn.choice.verse), COMPOSED_BY)

    def _asked(self, ask: Compose, turns: list[tuple[Wish, ...]], phrases: dict[str, float]) -> Ask:
        """What follows from the topic is given up first and is contradicted by anything said since."""
        wishes = add_up(turns)
        whole = next(iter(self._subjects.phrases(ask.topic)), "")
        topic = [wish for wish in hear(whole, self._anthology.vocabulary) if wish.kind in _FROM_A_TOPIC]
        return Ask(
            phrases=phrases,
            wishes=wishes,
            newest=turns[-1] if turns else (),
            quiet_wishes=tuple(wish for wish in add_up([topic, reversed(wishes)]) if wish not in wishes),
            current=self._anthology.lines_of(ask.poem) if ask.poem else None,
            seed=_seed(ask),
        )

    def _phrases(self, topic: str, wishes: tuple[Wish, ...]) -> dict[str, float]:
        """What the poem should be near to, and how much each counts."""
        whole, *words = self._subjects.phrases(topic) or ("",)
        phrases = {whole: _TOPIC} if whole else {}
        phrases |= dict.fromkeys(words, _WORD)
        added = [phrase for wish in wishes if wish.kind == "about" for phrase in self._subjects.phrases(wish.value)[:1]]
        return phrases | dict.fromkeys(added, _ADDED)

    def _reply(self, turn: _Turn) -> str:
        verse, topic = turn.choice.verse, turn.ask.topic
        far = tuple(wish for wish in turn.newest if wish.kind == "about" and not self._is_near(verse, wish.value))
        if turn.ask.poem is None:
            matched = match(self._anthology, verse, self._subjects.phrases(topic))
            matched = msgspec.structs.replace(matched, whole=matched.whole and self._subjects.knows(topic))
            return first_words(topic, poem_of(verse), turn.choice.unmet + far, matched)
        return next_words(turn.newest, turn.ask.poem, poem_of(verse), turn.choice.unmet + far)

    def _is_near(self, verse: Verse, text: str) -> bool:
        return match(self._anthology, verse, self._subjects.phrases(text)).nearness >= NEAR

    def _describe(self, poem: Poem) -> Scenes:
        numbers = self._anthology.lines_of(poem)
        slots = self._anthology.bank.slots
        return scenes_for(poem, [slot[n] if n >= 0 else None for slot, n in zip(slots, numbers, strict=True)])

    @cached_property
    def _anthology(self) -> Anthology:
        return Anthology(self._minilm)

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self._anthology.vocabulary)


def _said(ask: Compose) -> list[str]:
    """The learner's turns; the topic, said as the first of them, is not a wish about a poem."""
    turns = [message.text for message in ask.conversation if message.role == "learner"]
    return turns[1:] if turns and turns[0].strip() == ask.topic.strip() else turns


def poem_of(verse: Verse) -> Poem:
    opening, middle, closing = verse
    seasonal = opening if opening.season else closing
    if seasonal.season is None:
        raise AssertionError("every poem of the bank has a season word")
    lines = (opening.line, middle.line, closing.line)
    return Poem(lines, seasonal.season, seasonal.season_word, seasonal.season_word_english)


def _seed(ask: Compose) -> int:
    told: tuple[str, tuple[Message, ...], Poem | None, int] = (ask.topic, ask.conversation, ask.poem, ask.seed)
    return int.from_bytes(hashlib.sha256(msgspec.json.encode(told)).digest()[:8])
