"""Open a poem with what its topic says: with a line of the bank that says it as fully as any could, else with one made for it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import get_args

import msgspec
import numpy as np

from core.contracts.haiku import Season
from workers.providers.local.poet.anthology import Anthology, Some
from workers.providers.local.poet.fragments import Fragment
from workers.providers.local.poet.grammar.hearing import Heard
from workers.providers.local.poet.grammar.lexicon import Noun, NounKind
from workers.providers.local.poet.grammar.opening import Grammar, Made
from workers.providers.local.poet.literal import root
from workers.providers.local.poet.topic import Topic
from workers.providers.local.poet.wishes import Wish

_WORD = re.compile(r"[a-z]+")
_SMALL = "a an and at could for from had have hope i in it like love my of on one or out s see the to up want we wish with would"
_SMALL_WORDS = frozenset(_SMALL.split())
_REMEMBERED = 128
_ABOUT = 3
"""A line is about its first tags."""
_LIKE = 0.3
"""Below this nearness no line of the bank is like a noun."""
_PLACED: frozenset[NounKind] = frozenset({"place", "plant", "vehicle"})
"""What stands where the things like it stand."""
_ANYWHERE = Fragment(
    japanese="",
    kana="",
    english="",
    scene="an open field lies under a wide sky",
    scene_japanese="広い空の下に、野がひらけている。",
    tags=(),
)


class Opener:
    def __init__(self, anthology: Anthology) -> None:
        self._anthology = anthology
        self._grammar = Grammar()
        self._timeless = np.array([opening.season is None for opening in anthology.bank.openings])
        self._subjects = frozenset(root(opening.tags[0]) for opening in anthology.bank.openings)
        self._words = [_words(opening) for opening in anthology.bank.openings]
        # Asked again for each form that could say the same thing.
        self._saying = lru_cache(maxsize=_REMEMBERED)(self._find_saying)

    def opening(self, topic: Topic) -> Fragment | None:
        """The opening made for the topic; None where a line of the bank says as much."""
        if topic.delicate or self._is_one_thing(topic):
            return None
        made = self._grammar.openings(topic.text, _season(topic))
        first = next((each for each in made if self._says_more(each)), None)
        return self._staged(_named(first, topic), first.kind) if first else None

    def recall(self, japanese: str) -> Fragment | None:
        made = self._grammar.recall(japanese)
        return self._staged(*made) if made else None

    def _is_one_thing(self, topic: Topic) -> bool:
        """Whether a line of the bank is about the whole topic before all else."""
        return root(next(iter(topic.phrases), "")) in self._subjects

    def _says_more(self, made: Made) -> bool:
        heard = made.heard
        if heard.form.is_bare and not heard.owner:
            return heard.leads and not self._saying(heard.mention.nouns).any()
        relating = self._saying(heard.owner.nouns) if heard.owner else self._relating(heard)
        return not (self._saying(heard.mention.nouns) & relating).any()

    def _find_saying(self, nouns: Sequence[Noun]) -> Some:
        """Which openings of the bank name one of the nouns."""
        named = [frozenset(map(root, _WORD.findall(name))) for noun in nouns for name in noun.names if name.isascii()]
        written = {noun.japanese for noun in nouns}
        said = [any(name <= words for name in named) for words in self._words]
        stands = [any(each in opening.japanese for each in written) for opening in self._anthology.bank.openings]
        saying: Some = np.array(said) | np.array(stands)
        return saying

    def _relating(self, heard: Heard) -> Some:
        """Which openings of the bank say of anything what was heard."""
        said = frozenset(root(word) for word in _WORD.findall(heard.said) if word not in _SMALL_WORDS)
        tags = frozenset(heard.form.tags)
        openings = zip(self._words, self._anthology.bank.openings, strict=True)
        return np.array([not (said.isdisjoint(words) and tags.isdisjoint(one.tags[:_ABOUT])) for words, one in openings])

    def _staged(self, fragment: Fragment, kind: NounKind) -> Fragment:
        """Lit and pictured like the line of the bank that is most like it, and placed so if it is something that has a place."""
        like = self._most_like(fragment.tags[0])
        staged = msgspec.structs.replace(
            fragment,
            scene=fragment.scene or like.scene,
            scene_japanese=fragment.scene_japanese or like.scene_japanese,
            times=fragment.times or like.times,
            skies=fragment.skies or like.skies,
        )
        if kind not in _PLACED:
            return staged
        avoid, ground = fragment.avoid | like.avoid, fragment.ground or like.ground
        return msgspec.structs.replace(staged, avoid=avoid, places=like.places, ground=ground)

    def _most_like(self, thing: str) -> Fragment:
        """Of no season, for the poem has its own."""
        near = self._anthology.closeness(thing)[0] * self._timeless
        return self._anthology.bank.openings[int(near.argmax())] if near.max() >= _LIKE else _ANYWHERE


def _named(made: Made, topic: Topic) -> Fragment:
    """What says all of its topic is about it before all else."""
    if not made.heard.is_all:
        return made.fragment
    whole = next(iter(topic.phrases), made.fragment.tags[0])
    return msgspec.structs.replace(made.fragment, tags=tuple(dict.fromkeys((whole, *made.fragment.tags))))


def _words(opening: Fragment) -> frozenset[str]:
    return frozenset(map(root, _WORD.findall(f"{opening.english} {opening.tags[0]}".lower())))


def _season(topic: Topic) -> Season | None:
    told = (season for season in get_args(Season) if Wish("season", season) in topic.wishes)
    return next(told, None)
