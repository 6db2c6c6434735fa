"""Logs are JSON lines that say which trace, request and job they belong to."""

import json
import subprocess
import sys
from functools import cache
from typing import Any

PROGRAM = """
import logging
from telemetry.logs import get_log, remember
from telemetry.start import start_telemetry
from telemetry.trace import span

start_telemetry("worker")
log = get_log("worker")
with span("process haiku.compose", "consumer"), remember(request_id="r-1", job_id="j-1"):
    log.info("job ended", kind="haiku.compose", attempt=1)
logging.getLogger("somebody.else").warning("a library speaks")
logging.getLogger("arq.worker").warning("job %s expired", "1")
logging.getLogger("arq.worker").warning("job %s, function %r not found", "1", "ring")
try:
    raise RuntimeError("broken")
except RuntimeError:
    log.exception("job crashed")
"""


@cache
def lines() -> list[dict[str, Any]]:
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert told.stdout == ""
    return [json.loads(line) for line in told.stderr.splitlines()]


def test_every_line_is_json_with_what_it_belongs_to() -> None:
    ended, library, _, crashed = lines()

    assert (ended["event"], ended["kind"], ended["attempt"]) == ("job ended", "haiku.compose", 1)
    assert (ended["request_id"], ended["job_id"], ended["process"]) == ("r-1", "j-1", "worker")
    assert len(ended["trace_id"]) == 32
    assert (library["event"], library["level"]) == ("a library speaks", "warning")
    assert "trace_id" not in library
    assert crashed["exception"].startswith("builtins.RuntimeError\n  <string>:")


def test_of_the_queue_only_a_bell_that_expired_is_left_out() -> None:
    of_use = next(number for number, line in enumerate(PROGRAM.splitlines(), 1) if "not found" in line)

    assert [line["where"] for line in lines() if line.get("logger") == "arq.worker"] == [f"<string>:{of_use}"]


def test_what_an_exception_says_stays_out_of_the_log() -> None:
    """A database quotes the row it refused, and a tool its input."""
    assert not [line for line in lines() if "broken" in str(line)]
