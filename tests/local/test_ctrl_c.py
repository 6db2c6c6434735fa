"""Ctrl-C before everything is ready: the terminal is as it was, and says that it ends."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.home import Home

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


@pytest.fixture(autouse=True)
def hearing() -> Iterator[None]:
    """Begun in the background of a shell we ignore Ctrl-C, and so would whatever we start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("words", "farewell"),
    [
        (["up", "--no-frontends", "--port", "0"], ("Stopping …", "Stopped. Everything is kept in")),
        (["try", "haiku", "rain"], ("Stopped before anything was asked for.",)),
    ],
)
def test_ctrl_c_while_starting_brings_the_cursor_back_with_a_word(
    tmp_path: Path, words: list[str], farewell: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "local.cli", *words, "--home", str(tmp_path / "home"), *out(words, tmp_path)]
    # As in a terminal: that is where a spinner hides the cursor.
    watched = {**os.environ, "FORCE_COLOR": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=watched) as start:
        begun = read_until(HIDE, start)
        start.send_signal(signal.SIGINT)
        rest, error = start.communicate()
    written = begun + rest

    assert (start.returncode, error) == (130, "")
    assert written.count(HIDE) == written.count(SHOW) == 1
    ends = [line for line in rest.splitlines() if "Stop" in line]
    assert len(ends) == len(farewell)
    assert all(line.startswith(words) for line, words in zip(ends, farewell, strict=True))
    assert rest.endswith("\n")


@pytest.mark.timeout(60)
def test_ctrl_c_at_the_question_of_reset_deletes_nothing_and_says_so(own_home: Home) -> None:
    terminal, place = pty.openpty()
    command = [sys.executable, "-m", "local.cli", "reset", "--home", str(own_home.path)]
    with subprocess.Popen(command, stdin=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reset:
        read_until("Type yes to go on: ", reset)
        reset.send_signal(signal.SIGINT)
        rest, error = reset.communicate()
    os.close(terminal)
    os.close(place)

    assert (reset.returncode, rest, error) == (130, "\nNothing was deleted.\n", "")
    assert own_home.logs.exists()


def out(words: list[str], tmp_path: Path) -> tuple[str, ...]:
    return ("--out", str(tmp_path / "files")) if words[0] == "try" else ()


def read_until(words: str, start: "subprocess.Popen[str]") -> str:
    assert start.stdout is not None
    written = ""
    while words not in written:
        piece = start.stdout.read(1)
        assert piece, written
        written += piece
    return written
