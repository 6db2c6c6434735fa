"""Answers a model gives on a bad day: well-formed, and wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from local.fakes.bedrock.unwelcome import UNWELCOME
from local.fakes.faults import Fault

Json = dict[str, Any]

_SHIFTED = str.maketrans("あかさたなはまらいきしちにひみり", "いきしちにひみりあかさたなはまら")


def spoil(answer: Json, fault: Fault | None) -> Json:
    """The answer as it is, unless the fault is one of content."""
    wrong = _WRONG.get(fault.kind) if fault else None
    return wrong(answer) if wrong else answer


def _wrong_type(answer: Json) -> Json:
    first = next(iter(answer))
    return {**answer, first: 17}


def _wrong_morae(answer: Json) -> Json:
    """Seven morae stand where five belong."""
    return _with_lines(answer, lambda lines: [lines[1], lines[0], lines[2]])


def _wrong_reading(answer: Json) -> Json:
    """Other vowels: as many morae, and no word."""
    return _with_lines(answer, lambda lines: [{**line, "reading": line["reading"].translate(_SHIFTED)} for line in lines])


def _wrong_season(answer: Json) -> Json:
    if "season_word" in answer:
        return {**answer, "season_word": "花吹雪"}
    return {name: _wrong_season(part) if isinstance(part, dict) else part for name, part in answer.items()}


def _wrong_language(answer: Json) -> Json:
    return _with_lines(answer, lambda lines: [{**line, "japanese": line["english"]} for line in lines])


def _unwelcome(answer: Json) -> Json:
    return _with_lines(answer, lambda lines: [lines[0], {**lines[1], "japanese": UNWELCOME[1]}, *lines[2:]])


def _with_lines(answer: Json, change: Callable[[list[Any]], list[Any]]) -> Json:
    """Wherever the poem's lines stand in the answer."""
    if "lines" in answer:
        return {**answer, "lines": change(answer["lines"])}
    return {name: _with_lines(part, change) if isinstance(part, dict) else part for name, part in answer.items()}


_WRONG: Mapping[str, Callable[[Json], Json]] = {
    "wrong_type": _wrong_type,
    "wrong_morae": _wrong_morae,
    "wrong_reading": _wrong_reading,
    "wrong_season": _wrong_season,
    "wrong_language": _wrong_language,
    "unwelcome": _unwelcome,
}
