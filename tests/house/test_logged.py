"""Every event and field a question to the logs names is one that the code logs."""

import ast
import re
from functools import cache

import pytest

from infra_cdk.apps import ERRORS
from infra_cdk.constructs.questions import QUESTIONS
from tests.house.tree import modules

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
EVERY_LINE = {"at", "level", "event", "logger", "trace_id", "exception"}
"""What telemetry/logs.py adds by itself; its tests hold these names."""
COMMANDS = {"fields", "filter", "stats", "sort", "limit", "display"}
WORDS = COMMANDS | {"count", "sum", "latest", "bin", "as", "by", "in", "asc", "desc"}


@cache
def calls() -> list[ast.Call]:
    """Of functions, wherever they are called."""
    nodes = (node for path in modules("api", "core", "telemetry", "workers") for node in ast.walk(ast.parse(path.read_text())))
    return [node for node in nodes if isinstance(node, ast.Call)]


def last_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def logged() -> dict[str, set[str]]:
    """Facts by event."""
    found: dict[str, set[str]] = {}
    for call in calls():
        if last_name(call) in LEVELS and call.args and isinstance(event := call.args[0], ast.Constant):
            found.setdefault(str(event.value), set()).update(each.arg for each in call.keywords if each.arg)
    return found


def remembered() -> set[str]:
    """What stands on every line of a job or a process."""
    return {
        each.arg for call in calls() if last_name(call) in ("remember", "bind_contextvars") for each in call.keywords if each.arg
    }


def events_in(question: str) -> set[str]:
    asked = re.findall(r"event (?:= ('[^']+')|in \[([^\]]+)\])", question)
    return {each for pair in asked for part in pair for each in re.findall(r"'([^']+)'", part)}


def fields_in(question: str) -> set[str]:
    bare = re.sub(r"'[^']*'|\b\d+\w?\b", "", question)
    named = set(re.findall(r"(?<![@\w])[a-z_]+\b(?!\()", bare)) - WORDS
    # What a question names itself is nobody else's.
    return named - set(re.findall(r" as (\w+)", bare))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_names_only_what_is_logged(name: str) -> None:
    question, known = QUESTIONS[name], logged()
    events = events_in(question)

    assert events <= known.keys()
    facts = {fact for event in events for fact in known[event]}
    assert fields_in(question) <= facts | remembered() | EVERY_LINE


def test_a_question_is_read_as_it_is_written() -> None:
    """Or the test above would hold of everything."""
    question = "filter event in ['one thing', 'another'] | stats sum(lost) as sums, latest(trace_id) by kind, bin(5m) | limit 50"

    assert events_in(question) == {"one thing", "another"}
    assert fields_in(question) == {"event", "lost", "trace_id", "kind"}
    assert events_in(QUESTIONS["slowest-jobs"]) == {"job ended"}
    assert {"kind", "seconds", "job_id"} <= fields_in(QUESTIONS["slowest-jobs"])


def test_levels_that_are_counted_are_levels_our_lines_have() -> None:
    # `exception` is told at the level error.
    assert set(ERRORS) <= LEVELS - {"exception"}
    assert any(last_name(call) in ("error", "exception") for call in calls())
