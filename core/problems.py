"""The problem object of an error (RFC 9457): the same inside a failed job, over HTTP and on the socket."""

from core.contracts.job import Problem
from core.errors import KotonohaError

# A URN, because a URL would name a host, and that host would have to be ours for ever.
FAMILY = "urn:kotonoha:problem:"


def problem_of(error: KotonohaError) -> Problem:
    return Problem(problem_type(type(error)), problem_title(type(error)), error.message)


def problem_type(error: type[KotonohaError]) -> str:
    return f"{FAMILY}{error.code}"


def problem_title(error: type[KotonohaError]) -> str:
    return (error.__doc__ or "").strip().partition("\n")[0].rstrip(".")
