"""Whatever a library says, throws or warns of, no log line and no span repeats what it was given."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from typing import Any

import pytest

from tests.telemetry import quoting_program
from tests.telemetry.receiver import Receiver, receiving

Line = dict[str, Any]


@pytest.fixture
async def told(database: str) -> tuple[list[Line], Receiver]:
    """Every line of the log, and what a collector got, of a process in which everything went wrong."""
    with receiving() as collector:
        environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "NO_PROXY": "127.0.0.1"}
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", quoting_program.__name__, database, env=environment, stdout=PIPE, stderr=PIPE
        )
        out, said = await program.communicate()
        assert (program.returncode, out) == (0, b""), said.decode()
        return [json.loads(line) for line in said.splitlines()], collector


async def test_nobody_is_quoted_however_a_library_says_it(told: tuple[list[Line], Receiver]) -> None:
    lines, collector = told

    assert [line for line in lines if quoting_program.MARK in json.dumps(line)] == []
    assert quoting_program.MARK.encode() not in collector.bytes
    # It did speak, of each of them: what crashed and where is told.
    crashes = "\n".join(line.get("exception", "") for line in lines)
    for throwing in quoting_program.THROWING:
        assert f" {throwing.__name__}" in crashes
    for kind in ("asyncpg.exceptions.DataError", "InvalidTextRepresentationError", "ParamValidationError", "ValidationError"):
        assert kind in crashes
    assert {line["event"] for line in lines} >= {"job crashed", "process crashed", "thread crashed", "python warns"}
    failed = [span.failed for span in collector.spans if span.kind == "CLIENT"]
    assert len(failed) == len(quoting_program.THROWING)
    assert "DataError" in failed


async def test_a_librarys_own_sentence_is_told_and_anybody_elses_by_its_place(told: tuple[list[Line], Receiver]) -> None:
    lines = [line for line in told[0] if line.get("logger") == "a_library"]

    assert {line["event"] for line in lines} == {"it failed: …", "process 7 failed", "… went wrong", "a library speaks"}
    assert {line["where"].partition(":")[0] for line in lines} == {"quoting_program"}
