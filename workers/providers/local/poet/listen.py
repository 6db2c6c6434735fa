"""Hear what one turn of the chat asks for, in English or in simple Japanese."""

import re
from collections.abc import Iterable, Iterator

from workers.providers.local.poet.questions import other_talk, question_in, without_pictures
from workers.providers.local.poet.spelling import is_japanese
from workers.providers.local.poet.tact import delicate, without_grief
from workers.providers.local.poet.vocabulary import Meant, Vocabulary
from workers.providers.local.poet.wishes import Wish, WishKind

_TOKEN = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|[,.;:!?]")
_CLAUSE = re.compile(r"[,.;!?、。！？]|\band\b|\bbut\b|て、?(?=[一二三最])")
_SUGGESTING = re.compile(r"\bwhy (?:not|don't (?:you|we))\b|\b(?:how|what) about\b|\bwhat if\b")
"""A question that asks for a poem."""
_LONGEST_PHRASE = 5
_NEARLY = 2
"""So many words a negator reaches over one that would turn it round: "don't want", "don't you add"."""

_OPPOSITE_MOODS = {
    "bright": "gloomy",
    "gloomy": "bright",
    "lonely": "warm",
    "warm": "lonely",
    "wistful": "bright",
    "quiet": "lively",
    "lively": "quiet",
}


def hear(text: str, vocabulary: Vocabulary) -> tuple[Wish, ...]:
    """Everything the turn wishes for, or the one thing it asks; nothing when none of it was understood."""
    lowered = text.lower().replace("’", "'")
    match delicate(lowered):
        case "grief":
            return Wish("tact", "grief"), *_hear_things(without_grief(lowered), vocabulary)
        case "despair" | "shunned" as kind:
            return (Wish("ask", kind),)
    asked = question_in(lowered)
    return (Wish("ask", asked),) if asked else hear_wishes(lowered, vocabulary)


def hear_wishes(text: str, vocabulary: Vocabulary) -> tuple[Wish, ...]:
    """The same of a text in lower case that is no question."""
    text = _SUGGESTING.sub(" ", text)
    asked = without_pictures(text)
    unthanked = _without(asked, vocabulary.phrases.small["thanks"])
    about_lines, rest = _hear_lines(unthanked, vocabulary)
    heard = tuple(dict.fromkeys([*about_lines, *_hear_things(rest, vocabulary)]))
    if not about_lines and _wants_another(unthanked, vocabulary, alone=not heard):
        return Wish("fresh"), *heard
    if all(wish.kind == "about" for wish in heard) and (talk := other_talk(text)):
        return (Wish("ask", talk),)
    if asked != text:
        return Wish("ask", "picture"), *heard
    return heard or ((Wish("stay"),) if unthanked != text else ())


def _hear_things(text: str, vocabulary: Vocabulary) -> Iterator[Wish]:
    return _hear_japanese(text, vocabulary) if is_japanese(text) else _hear_english(text, vocabulary)


def _wants_another(text: str, vocabulary: Vocabulary, *, alone: bool) -> bool:
    """Some words ask for another poem only when the turn asks for nothing else: "again", but not "snow again"."""
    small = vocabulary.phrases.small
    return _any(text, small["fresh"]) or (alone and _any(text, small["faintly_fresh"]))


def _hear_lines(text: str, vocabulary: Vocabulary) -> tuple[list[Wish], str]:
    """The wishes about single lines, and the text without their clauses' talk of lines."""
    wishes: list[Wish] = []
    rest = text
    for clause in _CLAUSE.split(text):
        numbers = lines_named(clause, vocabulary)
        small = vocabulary.phrases.small
        if not numbers or not (_any(clause, small["keep"]) or _any(clause, small["change"])):
            continue
        kind: WishKind = "keep" if _keeps(clause, vocabulary) else "change"
        wishes += [Wish(kind, str(number)) for number in numbers]
        rest = rest.replace(clause, " ")
        rest += "," + _after_line(clause, vocabulary)
    return wishes, rest


def lines_named(text: str, vocabulary: Vocabulary) -> list[int]:
    return [number for number, names in enumerate(vocabulary.phrases.lines.values(), 1) if _any(text, names)]


def _keeps(clause: str, vocabulary: Vocabulary) -> bool:
    small = vocabulary.phrases.small
    dislikes = ("don't like", "do not like")
    return _any(clause, small["keep"]) and not _any(clause, dislikes)


def _after_line(clause: str, vocabulary: Vocabulary) -> str:
    """What a clause says beyond naming the line: "change the second line to snow" also wants snow."""
    names = [name for names in vocabulary.phrases.lines.values() for name in names]
    return _without(_without(clause, names), (*vocabulary.phrases.small["keep"], *vocabulary.phrases.small["change"]))


def _without(text: str, phrases: Iterable[str]) -> str:
    """The text with these phrases gone, the longest first."""
    for phrase in sorted(phrases, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(phrase)}\b", " ", text) if phrase.isascii() else text.replace(phrase, " ")
    return text


def _hear_english(text: str, vocabulary: Vocabulary) -> Iterator[Wish]:
    tokens = _TOKEN.findall(text)
    small = {name: frozenset(words) for name, words in vocabulary.phrases.small.items()}
    negated_at: int | None = None
    unknown: list[str] = []
    position = 0
    while position < len(tokens):
        length, phrase = _longest(tokens, position, vocabulary, small["negators"])
        meant = vocabulary.look_up(phrase) or vocabulary.look_up(phrase.removesuffix("'s"))
        if meant is not None or phrase in small["negators"] or not phrase[0].isalnum() or phrase in small["ignored"]:
            yield from _free(unknown, negated=negated_at is not None)
            unknown = []
        if phrase in small["negators"]:
            negated_at = position + length
        elif meant is not None:
            yield _wish(meant, negated=negated_at is not None)
        elif not phrase[0].isalnum() or (phrase in small["turners"] and _beyond(position, negated_at)):
            negated_at = None
        elif phrase not in small["ignored"]:
            unknown.append(phrase)
        position += length
    yield from _free(unknown, negated=negated_at is not None)


def _longest(tokens: list[str], start: int, vocabulary: Vocabulary, negators: frozenset[str]) -> tuple[int, str]:
    for length in range(min(_LONGEST_PHRASE, len(tokens) - start), 1, -1):
        phrase = " ".join(tokens[start : start + length])
        if vocabulary.look_up(phrase) is not None or phrase in negators:
            return length, phrase
    return 1, tokens[start]


def _beyond(position: int, negated_at: int | None) -> bool:
    return negated_at is None or position - negated_at >= _NEARLY


def _free(words: list[str], *, negated: bool) -> Iterator[Wish]:
    """Words no fragment is tagged with are looked for by their meaning."""
    if words:
        yield Wish("without" if negated else "about", " ".join(words))


def _hear_japanese(text: str, vocabulary: Vocabulary) -> Iterator[Wish]:
    for name in japanese_words(text, vocabulary):
        after = text[text.index(name) + len(name) :]
        negated = any(after.startswith(negator) for negator in _negators(vocabulary))
        yield _wish(vocabulary.japanese[name], negated=negated)
    latin = " ".join(word for word in _TOKEN.findall(text) if word.isascii())
    yield from _hear_english(latin, vocabulary)


def japanese_words(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The longest names first, so that 梅雨 is not heard as 雨 too; a single kanji must stand alone, or 風呂 would be wind."""
    for name in sorted(vocabulary.japanese, key=lambda name: (-len(name), name)):
        if name in text and (len(name) > 1 or _stands_alone(name, text)):
            yield name
            text = text.replace(name, "＿")


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<![一-鿿]){name}(?![一-鿿])", text) is not None


def _negators(vocabulary: Vocabulary) -> Iterator[str]:
    for negator in vocabulary.phrases.small["japanese_negators"]:
        yield from (negator, "は" + negator, "を" + negator, "が" + negator)


def _wish(meant: Meant, *, negated: bool) -> Wish:
    if meant.kind == "mood":
        return Wish("mood", _OPPOSITE_MOODS[meant.value] if negated else meant.value)
    if negated:
        return Wish("without", meant.value)
    return Wish("with" if meant.kind == "thing" else meant.kind, meant.value)


def _any(text: str, phrases: Iterable[str]) -> bool:
    return any(_has(text, phrase) for phrase in phrases)


def _has(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text) is not None if phrase.isascii() else phrase in text
