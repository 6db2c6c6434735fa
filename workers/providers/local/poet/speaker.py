"""Say what became of a turn, in the language the learner spoke last."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from core.contracts.haiku import Compose, Poem
from workers.providers.local.poet.answer import answer
from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.choose import Choice
from workers.providers.local.poet.listen import lines_named
from workers.providers.local.poet.match import match
from workers.providers.local.poet.reply import first_words, next_words, tactful_words, unchanged_words
from workers.providers.local.poet.spelling import is_japanese, one_width
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.tongue import Tongue, tongue
from workers.providers.local.poet.topic import Topic
from workers.providers.local.poet.unchanged import NEAR, Unchanged
from workers.providers.local.poet.wishes import Wish


class Turn(Struct, frozen=True):
    """A turn of the chat on its way to a draft: what was asked, how its topic and newest words were understood, what follows."""

    ask: Compose
    topic: Topic
    text: str
    newest: tuple[Wish, ...]
    outcome: Choice | Unchanged
    anthology: Anthology


class Speaker:
    """Speaks of one turn."""

    def __init__(self, anthology: Anthology, subjects: Subjects, turn: Turn) -> None:
        self._anthology = anthology
        self._subjects = subjects
        self._turn = turn
        self._tongue = _tongue_for(turn.ask)

    def tell_first(self, poem: Poem, choice: Choice) -> str:
        topic = self._turn.topic
        if topic.delicate:
            return tactful_words(topic.delicate, poem, self._tongue)
        matched = match(self._anthology, choice.verse, self._subjects.phrases(topic.text), topic.text)
        matched = msgspec.structs.replace(
            matched,
            said=tuple(map(self._name, matched.said)),
            whole=matched.written or (matched.whole and self._subjects.knows(topic.text)),
            near=self._near_name(matched.near),
        )
        return first_words(self._turn.ask.topic, poem, self._named(choice.unmet), matched, self._tongue)

    def tell_change(self, before: Poem, poem: Poem, choice: Choice) -> str:
        newest = self._turn.newest
        far = tuple(wish for wish in newest if wish.kind == "about" and not self._is_near(choice.verse, wish.value))
        heard = self._named(wish for wish in newest if wish.kind != "ask")
        words = next_words(heard, before, poem, self._named(choice.unmet + far), self._tongue)
        asked = (wish.value for wish in newest if wish.kind == "ask")
        return self._tongue.gap.join([*self._answers(asked, before), words])

    def tell_why_unchanged(self, poem: Poem, why: Unchanged) -> str:
        named = msgspec.structs.replace(why, held=self._named(why.held), unmet=self._named(why.unmet))
        return unchanged_words(named, self._answers(why.asked, poem), poem, self._tongue)

    def _answers(self, asked: Iterable[str], poem: Poem) -> list[str]:
        lines = lines_named(self._turn.text, self._anthology.vocabulary)
        return [answer(each, self._turn.text, lines, poem, self._tongue) for each in asked]

    def _named(self, wishes: Iterable[Wish]) -> tuple[Wish, ...]:
        """The wishes with their things called as this language calls them."""
        return tuple(Wish(wish.kind, self._name(wish.value)) if wish.kind in ("with", "without") else wish for wish in wishes)

    def _name(self, thing: str) -> str:
        if not self._tongue.uses_japanese_names:
            return thing
        return self._anthology.vocabulary.in_japanese(thing, f"{self._turn.text} {self._turn.topic.text}")

    def _near_name(self, thing: str) -> str:
        """Japanese has no name for some of our tags; of those a poem only has the mood."""
        name = self._name(thing)
        return "" if self._tongue.uses_japanese_names and name.isascii() else name

    def _is_near(self, verse: Verse, text: str) -> bool:
        return match(self._anthology, verse, self._subjects.phrases(text)).nearness >= NEAR


def _tongue_for(ask: Compose) -> Tongue:
    """A message of emoji and marks alone speaks no language."""
    said = [ask.topic, *(one_width(message.text) for message in ask.conversation if message.role == "learner")]
    newest = next((text for text in reversed(said) if any(map(str.isalpha, text))), "")
    return tongue("japanese" if is_japanese(newest) else "english")
