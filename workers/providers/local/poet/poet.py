"""The poet of one machine: composes from fragments, and says so."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TypeVar

import msgspec

from core.contracts.haiku import Compose, Describe, Draft, Message, Poem, Scenes
from core.contracts.job import Answer, Paid
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.choose import Ask, Choice, choose
from workers.providers.local.poet.listen import hear
from workers.providers.local.poet.meet import bars
from workers.providers.local.poet.opener import Opener
from workers.providers.local.poet.scenes import scenes_for
from workers.providers.local.poet.speaker import Speaker, Turn
from workers.providers.local.poet.spelling import Spelling
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.topic import Topic, read_topic
from workers.providers.local.poet.unchanged import Unchanged, why_unchanged
from workers.providers.local.poet.wishes import Wish, add_up
from workers.tools import DoneHere, OnText

COMPOSED_BY = "Kotonoha's local poet (composed from fragments, not by a language model)"
PAID = Paid(provider="local", model="fragments-1", cost_microusd=0)

A = TypeVar("A")
R = TypeVar("R")

_ADDED = 1.2
"""How much more than the topic something added later counts."""


class LocalPoet(DoneHere):
    """A Poet without a language model: the same ask is the same poem.

    Owns one thread, where the bank is read with the first poem; a dictionary and MiniLM follow when a topic needs them.
    """

    provider, model = PAID.provider, PAID.model

    def __init__(self, minilm: MiniLM) -> None:
        self._minilm = minilm
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="poet")

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        turn = await self._away(self._choose, ask)
        written = poem_of(turn.outcome.verse).lines if isinstance(turn.outcome, Choice) else ()
        for number, line in enumerate(written):
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

    def _choose(self, ask: Compose) -> Turn:
        said = [self._spelling.read(text) for text in _said(ask)]
        turns = [hear(text, self._anthology.vocabulary) for text in said]
        topic = read_topic(self._spelling.read(ask.topic), self._anthology.vocabulary, self._subjects)
        newest = turns[-1] if turns else ()
        anthology = self._opened(ask, topic)
        why = why_unchanged(newest, ask.poem, anthology, self._subjects) if ask.poem else None
        outcome = why or choose(anthology, self._asked(ask, turns, topic, anthology))
        return Turn(ask, topic, said[-1].lower() if said else "", newest, outcome, anthology)

    def _opened(self, ask: Compose, topic: Topic) -> Anthology:
        """All poems; those that begin with an opening made for the topic, where the bank has none that says as much."""
        if ask.poem is None:
            made = self._opener.opening(topic)
        else:
            first = ask.poem.lines[0].japanese
            made = None if self._anthology.has_opening(first) else self._opener.recall(first)
        return self._anthology.opened(made, alone=ask.poem is None) if made else self._anthology

    def _asked(self, ask: Compose, turns: list[tuple[Wish, ...]], topic: Topic, anthology: Anthology) -> Ask:
        """What follows from the topic is given up first and is contradicted by anything said since."""
        bar = partial(bars, self._anthology)
        wishes = tuple(wish for wish in add_up(turns, bar) if wish.kind != "ask")
        added = [phrase for wish in wishes if wish.kind == "about" for phrase in self._subjects.phrases(wish.value)[:1]]
        return Ask(
            phrases={**topic.phrases, **dict.fromkeys(added, _ADDED)},
            wishes=wishes,
            newest=turns[-1] if turns else (),
            quiet_wishes=tuple(wish for wish in add_up([topic.wishes, reversed(wishes)], bar) if wish not in wishes),
            current=anthology.lines_of(ask.poem) if ask.poem else None,
            seed=_seed(ask),
        )

    def _draft(self, turn: Turn) -> Draft:
        speaker = Speaker(turn.anthology, self._subjects, turn)
        match turn.outcome, turn.ask.poem:
            case Unchanged() as why, Poem() as poem:
                return Draft(speaker.tell_why_unchanged(poem, why), poem, COMPOSED_BY)
            case Choice() as choice, None:
                poem = poem_of(choice.verse)
                return Draft(speaker.tell_first(poem, choice), poem, COMPOSED_BY)
            case Choice() as choice, Poem() as before:
                poem = poem_of(choice.verse)
                return Draft(speaker.tell_change(before, poem, choice), poem, COMPOSED_BY)
        raise AssertionError("only a poem that is there can stay as it is")

    def _describe(self, poem: Poem) -> Scenes:
        numbers = self._anthology.lines_of(poem)
        slots = self._anthology.bank.slots
        opening, *others = (slot[n] if n >= 0 else None for slot, n in zip(slots, numbers, strict=True))
        return scenes_for(poem, [opening or self._opener.recall(poem.lines[0].japanese), *others])

    @cached_property
    def _anthology(self) -> Anthology:
        return Anthology.of_all(self._minilm)

    @cached_property
    def _opener(self) -> Opener:
        return Opener(self._anthology)

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self._anthology.vocabulary)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._anthology.vocabulary, self._subjects.read_kanji)


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
