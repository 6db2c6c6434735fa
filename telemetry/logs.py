"""Logs as JSON lines on stderr, each with the trace, request and job it belongs to; never a learner's words."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from telemetry.quoting import quote_no_exception, quote_nobody
from telemetry.trace import current_trace_id
from telemetry.unforeseen import Unforeseen

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def start_logs(level: str, process: str) -> None:
    """Send every log line of this process, ours and the libraries', through one JSON formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Requests are told by their spans.
    for noisy in ("uvicorn.access", "httpx", "arq"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("arq.worker").addFilter(_is_of_use)
    structlog.configure(
        processors=[*_SHARED, _add_trace, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    Unforeseen(get_log(process)).listen()


def _is_of_use(record: logging.LogRecord) -> bool:
    """A bell that nobody heard in time expires, as it should: another is rung. Nobody can act on arq's warning."""
    return record.msg != "job %s expired"


def _formatter() -> logging.Formatter:
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, _add_trace, quote_nobody],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, quote_no_exception, render],
        # A library's sentence and what it puts into it, apart.
        use_get_message=False,
        pass_foreign_args=True,
    )


def get_log(name: str) -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.get_logger(name)
    return log


def log_crash(task: str, error: Exception) -> None:
    """Of a loop that is begun again."""
    get_log("loops").error("task crashed", task=task, exc_info=error)


def remember(**facts: str) -> Any:
    """Add facts (request_id, job_id…) to every line logged inside the `with` block."""
    return structlog.contextvars.bound_contextvars(**facts)


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    trace_id = current_trace_id()
    if trace_id:
        event["trace_id"] = trace_id
    return event
