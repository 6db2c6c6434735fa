"""Logs as JSON lines on stderr, each with the trace, request and job it belongs to; never a learner's words."""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Any

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
        foreign_pre_chain=[*_SHARED, _add_trace],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _tell_crash,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
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


def get_log(name: str) -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.get_logger(name)
    return log


def log_crash(task: str, error: Exception) -> None:
    """Of a loop that is begun again."""
    get_log("loops").error("task crashed", task=task, exc_info=error)


def log_sweep(rescued: int, overdue: int) -> None:
    """Only one that found something: there is one a second."""
    if rescued or overdue:
        get_log("loops").warning("swept", rescued=rescued, overdue=overdue)


def remember(**facts: str) -> Any:
    """Add facts (request_id, job_id…) to every line logged inside the `with` block."""
    return structlog.contextvars.bound_contextvars(**facts)


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    trace_id = current_trace_id()
    if trace_id:
        event["trace_id"] = trace_id
    return event


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
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        yield from (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
