"""Know a question, or talk of what is not the poet's to change, from a wish; and what it is about."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Asked = Literal["help", "form", "language", "who", "meaning", "picture"]

_GREETING = r"^\W*(?:(?:and|but|so|ok|okay|hello|hi|hey|please|sorry|well|hm+|thanks)\W+)*"
_SMALL = r"(?: (?:me|the|these|those|my|all|its|this|that|of|a|an|new|other))*"


class _Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """See questions.toml."""

    asking: Mapping[str, tuple[str, ...]]
    subjects: Mapping[Asked, tuple[str, ...]]
    pictures: Mapping[str, tuple[str, ...]]


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


_WORDING = msgspec.toml.decode((Path(__file__).parent / "questions.toml").read_bytes(), type=_Wording)
_ASKING, _PICTURES = _WORDING.asking, _WORDING.pictures
_QUESTION = re.compile(rf"{_GREETING}{_any(_ASKING['english'])}(?![a-z'])|{_any(_ASKING['japanese'])}")
_JAPANESE_ENDING = re.compile(_any(_ASKING["japanese_endings"]))
_JAPANESE_REQUEST = re.compile(_any(_ASKING["japanese_requests"]))
_SUBJECTS = {asked: re.compile(_any(patterns)) for asked, patterns in _WORDING.subjects.items()}
_BESIDE: tuple[Asked, ...] = ("form", "language")
"""What turns that ask nothing can be about, too."""
_OF_PICTURES = re.compile(
    rf"\b{_any(_PICTURES['english_verbs'])}{_SMALL} {_any(_PICTURES['english_nouns'])}s?\b"
    rf"|{_any(_PICTURES['japanese_nouns'])}[をはがもの]?(?:だけ)?[^、。,.]{{0,6}}?{_any(_PICTURES['japanese_verbs'])}[^、。,.]*"
)


def question_in(text: str) -> Asked | None:
    """What the turn, in lower case, asks; None when it asks nothing, or asks for a poem: "could it be winter?"."""
    if not (_QUESTION.search(text) or _asks_in_japanese(text)):
        return None
    return next((asked for asked, pattern in _SUBJECTS.items() if pattern.search(text)), "help")


def other_talk(text: str) -> Asked | None:
    """What a turn without any known wish is about: "make it shorter", "in English only", "furimukeri?"."""
    found = next((asked for asked in _BESIDE if _SUBJECTS[asked].search(text)), None)
    return found or ("meaning" if text.rstrip().endswith("?") else None)


def without_pictures(text: str) -> str:
    """The text without what it says about pictures and voices, which are made from the poem."""
    return _OF_PICTURES.sub(" ", text)


def _asks_in_japanese(text: str) -> bool:
    return _JAPANESE_ENDING.search(text.strip()) is not None and _JAPANESE_REQUEST.search(text) is None
