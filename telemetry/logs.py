"""Logs as JSON lines on stderr, each with the trace, request and job it belongs to; never a learner's words."""

import contextlib
import logging
import os
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from telemetry.trace import current_trace_id

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def start_logs(level: str, process: str) -> None:
    """Send every log line of this process, ours and the libraries', through one JSON formatter."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, _add_trace, _quote_nobody],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _tell_crash,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        # A library's sentence and what it puts into it, apart.
        use_get_message=False,
        pass_foreign_args=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Requests are told by their spans, and arq's view of a bell is noise.
    for noisy in ("uvicorn.access", "arq", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_SHARED, _add_trace, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    _tell_the_unforeseen(get_log(process))


def get_log(name: str) -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.get_logger(name)
    return log


def log_crash(task: str, error: Exception) -> None:
    """Of a loop that is begun again."""
    get_log("loops").error("task crashed", task=task, exc_info=error)


def remember(**facts: str) -> Any:
    """Add facts (request_id, job_id…) to every line logged inside the `with` block."""
    return structlog.contextvars.bound_contextvars(**facts)


def _tell_the_unforeseen(log: FilteringBoundLogger) -> None:
    """What Python itself would write on stderr: plain text, quoting whatever the exception says."""

    def crashed(_: type[BaseException], error: BaseException, __: object) -> None:
        if not isinstance(error, KeyboardInterrupt):
            log.critical("process crashed", exc_info=error)

    def warned(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        log.warning("python warns", category=category.__name__, where=f"{filename}:{lineno}")

    sys.excepthook = crashed
    sys.unraisablehook = lambda given: log.error("error nobody could catch", exc_info=given.exc_value)
    threading.excepthook = lambda given: log.error("thread crashed", exc_info=given.exc_value)
    warnings.showwarning = warned


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    trace_id = current_trace_id()
    if trace_id:
        event["trace_id"] = trace_id
    return event


_QUOTED = re.compile(r"""[<('"{\[].*""", re.DOTALL)


def _quote_nobody(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library's sentence without what it put into it, but for numbers: nobody here knows what that is. One that came ready
    made is told up to where it could begin to quote."""
    given = event.pop("positional_args", ())
    sentence = str(event["event"]).partition("\n")[0]
    if not given:
        event["event"] = _QUOTED.sub("…", sentence)
    else:
        event["event"] = sentence
        with contextlib.suppress(TypeError, ValueError, KeyError):
            event["event"] = sentence % _numbers_only(given)
    return event


def _numbers_only(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {name: value if isinstance(value, int | float) else "…" for name, value in given.items()}
    return tuple(value if isinstance(value, int | float) else "…" for value in given)


def _tell_crash(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What crashed and where, without what the exceptions say: a database quotes the row it refused, a tool its input."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_chain(error))
    return event


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
