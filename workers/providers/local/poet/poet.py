"""The poet of one machine: composes from fragments, and says so."""

import asyncio
import hashlib
from functools import cached_property
from threading import Lock

import msgspec

from core.contracts.haiku import Compose, Describe, Draft, Message, Poem, Scenes
from core.contracts.job import Answer, Paid
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.choose import Ask, Choice, choose
from workers.providers.local.poet.listen import hear
from workers.providers.local.poet.reply import first_words, next_words
from workers.providers.local.poet.scenes import scenes_for
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.wishes import Wish, add_up
from workers.tools import OnText

COMPOSED_BY = "Kotonoha's local poet (composed from fragments, not by a language model)"
PAID = Paid(provider="local", model="fragments-1", cost_microusd=0)

_NEAR = 0.55
"""From here on a topic and a tag really mean something alike."""
_TOPIC, _WORD, _ADDED = 1.0, 0.6, 1.2
_FROM_A_TOPIC = ("season", "time", "with", "without")


class LocalPoet:
    """A Poet without a language model. The bank and MiniLM are loaded when first needed, away from the event loop."""

    def __init__(self, minilm: MiniLM) -> None:
        self._minilm = minilm
        self._loading = Lock()

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        draft = await asyncio.to_thread(self._compose, ask)
        for number, line in enumerate(draft.poem.lines):
            await on_text(f"\n{line.japanese}" if number else line.japanese)
        return Answer(draft, PAID)

    async def describe(self, ask: Describe) -> Answer[Scenes]:
        scenes = await asyncio.to_thread(self._describe, ask.poem)
        return Answer(scenes, PAID)

    def _compose(self, ask: Compose) -> Draft:
        turns = [hear(text, self._anthology.vocabulary) for text in _said(ask)]
        phrases = self._phrases(ask.topic, add_up(turns))
        choice = choose(self._anthology, self._asked(ask, turns, phrases))
        return Draft(self._reply(ask, turns, choice), _poem(choice.verse), COMPOSED_BY)

    def _asked(self, ask: Compose, turns: list[tuple[Wish, ...]], phrases: dict[str, float]) -> Ask:
        """What follows from the topic is given up first and is contradicted by anything said since."""
        wishes = add_up(turns)
        topic = [wish for wish in hear(ask.topic, self._anthology.vocabulary) if wish.kind in _FROM_A_TOPIC]
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

    def _reply(self, ask: Compose, turns: list[tuple[Wish, ...]], choice: Choice) -> str:
        poem = _poem(choice.verse)
        far = tuple(wish for wish in (turns[-1] if turns else ()) if wish.kind == "about" and not self._is_near(wish.value))
        if ask.poem is None:
            return first_words(ask.topic, poem, choice.unmet + far, near=self._is_near(ask.topic))
        return next_words(turns[-1] if turns else (), ask.poem, poem, choice.unmet + far)

    def _is_near(self, text: str) -> bool:
        phrases = self._subjects.phrases(text)
        return any(max(self._anthology.nearness(phrase).values()) >= _NEAR for phrase in phrases)

    def _describe(self, poem: Poem) -> Scenes:
        numbers = self._anthology.lines_of(poem)
        slots = self._anthology.bank.slots
        return scenes_for(poem, [slot[n] if n >= 0 else None for slot, n in zip(slots, numbers, strict=True)])

    @property
    def _anthology(self) -> Anthology:
        with self._loading:
            return self._opened

    @cached_property
    def _opened(self) -> Anthology:
        return Anthology(self._minilm)

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self._anthology.vocabulary)


def _said(ask: Compose) -> list[str]:
    """The learner's turns; the topic, said as the first of them, is not a wish about a poem."""
    turns = [message.text for message in ask.conversation if message.role == "learner"]
    return turns[1:] if turns and turns[0].strip() == ask.topic.strip() else turns


def _poem(verse: Verse) -> Poem:
    opening, middle, closing = verse
    seasonal = opening if opening.season else closing
    if seasonal.season is None:
        raise AssertionError("every poem of the bank has a season word")
    lines = (opening.line, middle.line, closing.line)
    return Poem(lines, seasonal.season, seasonal.season_word, seasonal.season_word_english)


def _seed(ask: Compose) -> int:
    told: tuple[str, tuple[Message, ...], Poem | None, int] = (ask.topic, ask.conversation, ask.poem, ask.seed)
    return int.from_bytes(hashlib.sha256(msgspec.json.encode(told)).digest()[:8])
