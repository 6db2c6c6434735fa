"""What may be told of what others say: nothing that somebody put into it. An exception of a database quotes the row it refused, a
client's the link it asked, a library's sentence whatever it was at."""

import linecache
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from logging import LogRecord
from typing import Any

from structlog.typing import EventDict, WrappedLogger

LINES_BEFORE, LINES_OF_A_CALL = 4, 5
"""How far from where a call begins its sentence is looked for: some give it a name first."""


def quote_nobody(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library's sentence where it stands so in the library's own source, and of what was put into it the numbers. Any other is
    not told, for nobody here knows what is in it; where it is said is."""
    given, record = event.pop("positional_args", ()), event["_record"]
    sentence = str(event["event"])
    event["where"] = f"{record.module}:{record.lineno}"
    event["event"] = _numbered(sentence, given) if _stands_in_source(sentence, record) else "a library speaks"
    return event


def quote_no_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What crashed and where, without what the exceptions say."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_chain(error))
    return event


def _stands_in_source(sentence: str, record: LogRecord) -> bool:
    called = record.lineno - 1
    lines = linecache.getlines(record.pathname)[max(0, called - LINES_BEFORE) : called + LINES_OF_A_CALL]
    # As a literal, so that no word a learner may have said is taken for the library's own.
    return any(f"{quote}{sentence}{quote}" in line for line in lines for quote in "\"'")


def _numbered(sentence: str, given: Any) -> str:
    if not given:
        return sentence
    try:
        return str(sentence % _numbers_only(given))
    except (TypeError, ValueError, KeyError):
        return sentence


def _numbers_only(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {name: _number(value) for name, value in given.items()}
    return tuple(_number(value) for value in given)


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) else "…"


def _chain(error: BaseException | None) -> Iterator[str]:
    """The newest first, as far back as Python itself would tell."""
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}{_system_says(error)}"
        yield from (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__))
        if isinstance(error, BaseExceptionGroup):
            yield from (line for one in error.exceptions for line in _chain(one))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _system_says(error: BaseException) -> str:
    """The kernel quotes nobody: "Address already in use" helps, and which file is left out."""
    return f": {os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else ""
