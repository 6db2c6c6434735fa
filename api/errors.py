"""The one table from errors to HTTP, and the one shape they take there: problem documents (RFC 9457)."""

import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Struct

from api.body import pointer
from api.choices import name_choices
from api.plain_words import plain_words
from core.errors import (
    Conflict,
    Flaw,
    Forbidden,
    Gone,
    Invalid,
    KeyReused,
    KotonohaError,
    Misconfigured,
    NotAllowed,
    NotFound,
    Refused,
    TooLarge,
    TooMany,
    TooSlow,
    Unavailable,
)
from core.problems import problem_title, problem_type
from telemetry.logs import get_log
from telemetry.trace import current_trace_id

PROBLEM_JSON = "application/problem+json"

log = get_log("api")


class WrongMethod(Refused):
    """This address does not answer to that method."""

    code = "wrong-method"


class NoSuchPart(Refused):
    """The file is shorter than that."""

    code = "no-such-part"


STATUS: dict[type[KotonohaError], int] = {
    Invalid: 400,
    NotAllowed: 401,
    Forbidden: 403,
    NotFound: 404,
    WrongMethod: 405,
    TooSlow: 408,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    NoSuchPart: 416,
    KeyReused: 422,
    TooMany: 429,
    Unavailable: 503,
    Misconfigured: 503,
}


class ProblemError(Struct, frozen=True):
    """One thing wrong with what was sent: a JSON pointer (RFC 6901) into it, and a sentence."""

    pointer: str
    detail: str


class ProblemDocument(Struct, frozen=True):
    """Why something was not done. `type` is stable and for machines; `trace_id` finds the story behind it in the logs."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    trace_id: str | None
    errors: tuple[ProblemError, ...] = ()


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDocument]:
    """Litestar's handler for every exception that leaves a route, or finds none."""
    known = translate(error, partial(_say_parameter, request))
    if known is None:
        # The learner learns nothing of the inside; the log does.
        log.error("request crashed", exc_info=error)
        known = KotonohaError()
    elif isinstance(known, Misconfigured):
        log.error("part misconfigured", detail=known.message, reason=known.reason, look_at=known.look_at)
    elif isinstance(known, Unavailable):
        log.warning("part away", detail=known.message, cause=type(error.__cause__ or error).__name__)
    return Response(
        describe_problem(known, request.scope["path"]),
        status_code=STATUS.get(type(known), 500),
        media_type=PROBLEM_JSON,
        headers=problem_headers(known) | _allow(error),
    )


Say = Callable[[str, str], str]
"""From a parameter and what is wrong with it to a sentence."""


def translate(error: Exception, say: Say) -> KotonohaError | None:
    """The error of our own tree that says the same; None for a bug."""
    if type(error) in STATUS and isinstance(error, KotonohaError):
        return error
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _translate_litestar(error, say)
    return None


def _translate_litestar(error: HTTPException, say: Say) -> KotonohaError:
    match error:
        case ValidationException():
            return _translate_validation(error, say)
        case NotFoundException():
            return NotFound()
        case MethodNotAllowedException():
            return WrongMethod()
        case RequestEntityTooLarge():
            return TooLarge("The body is larger than we take.")
        case _:
            return Invalid(error.detail)


def _translate_validation(error: ValidationException, say: Say) -> Invalid:
    found: list[dict[str, str]] = error.extra if isinstance(error.extra, list) else []
    if any(flaw.get("key") == "data" for flaw in found):
        return Invalid("A JSON body is required.", [Flaw("", "A JSON body is required.")])
    flaws = [Flaw(pointer(flaw["key"]), say(flaw["key"], flaw["message"])) for flaw in found if "key" in flaw]
    return Invalid(" ".join(f"{flaw.pointer[1:]}: {flaw.detail}" for flaw in flaws), flaws)


def _say_parameter(request: Request[Any, Any, Any], name: str, says: str) -> str:
    declared = request.route_handler.parsed_fn_signature.parameters.get(name)
    return f"{plain_words(name_choices(says, declared.annotation, ()) if declared else says)}."


def describe_problem(error: KotonohaError, path: str) -> ProblemDocument:
    return ProblemDocument(
        type=problem_type(type(error)),
        title=problem_title(type(error)),
        status=STATUS.get(type(error), 500),
        detail=error.message,
        instance=quote(path, errors="replace"),
        trace_id=current_trace_id(),
        errors=tuple(ProblemError(*flaw) for flaw in error.flaws) if isinstance(error, Invalid) else (),
    )


def problem_headers(error: KotonohaError) -> dict[str, str]:
    if isinstance(error, NotAllowed):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooSlow):
        # What may still come belongs to nobody.
        return {"Connection": "close"}
    if isinstance(error, TooMany | Unavailable):
        return {"Retry-After": whole_seconds(error.retry_after)} | _quota_headers(error)
    return {}


def _quota_headers(error: TooMany | Unavailable) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them since its eighth version."""
    if not isinstance(error, TooMany) or error.quota is None:
        return {}
    name, most, seconds = error.quota
    return {
        "RateLimit-Policy": f'"{name}";q={most};w={seconds}',
        "RateLimit": f'"{name}";r=0;t={whole_seconds(error.retry_after)}',
    }


def _allow(error: Exception) -> dict[str, str]:
    if not isinstance(error, MethodNotAllowedException):
        return {}
    return {"Allow": (error.headers or {}).get("allow", "")}


def whole_seconds(wait: timedelta) -> str:
    """As Retry-After wants it: never sooner than meant, never 0."""
    return str(max(1, math.ceil(wait.total_seconds())))
