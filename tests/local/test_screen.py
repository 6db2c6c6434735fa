"""What people see: nothing twice, nothing cut, nothing that only a wide colour terminal could show."""

import asyncio
import contextlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from core.contracts.events import Event
from core.contracts.haiku import Draft, Line, Poem
from core.contracts.ids import JobId, RequestId, new_id
from core.contracts.image import Picture
from core.contracts.speech import Recording
from local.apps import App
from local.arguments import make_parser
from local.commands.up import up
from local.home import Home
from local.ports import neighbours
from local.silence import Silence
from local.unfolding import Unfolding
from local.welcome import Welcome
from tests.until import until

POEM = Poem(
    (
        Line("古池や", "ふるいけや", "フルイケ ヤ", "an old pond"),
        Line("蛙飛びこむ", "かわずとびこむ", "カワズ トビコム", "a frog leaps in"),
        Line("水の音", "みずのおと", "ミズ ノ オト", "the sound of water"),
    ),
    "spring",
    "蛙",
    "frog",
)
DRAFT = Draft("Here.", POEM, "a test")


def event(kind: str, job: str, **data: Any) -> Event:
    return Event(RequestId(new_id()), kind, datetime.now(UTC), {"kind": job, **msgspec.to_builtins(data)})


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")


def test_lines_appear_as_they_are_whole_and_only_once(capsys: pytest.CaptureFixture[str]) -> None:
    view = Unfolding("a pond")
    view.see(event("job.delta", "haiku.compose", text="古池や\n蛙飛"))
    shown = capsys.readouterr().out

    assert shown == "  古池や\n"

    view.see(event("job.succeeded", "haiku.compose", result=DRAFT))
    rest = capsys.readouterr().out
    assert rest.startswith("  蛙飛びこむ\n  水の音\n\n  ふるいけや      an old pond\n  かわずとびこむ  a frog leaps in\n")
    assert "\n  Here.\n" in rest


def test_a_poem_of_a_second_attempt_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    view = Unfolding("a pond")
    view.see(event("job.delta", "haiku.compose", text="雪の日や\n"))
    view.see(event("job.succeeded", "haiku.compose", result=DRAFT))

    assert capsys.readouterr().out.startswith("  雪の日や\n  古池や\n  蛙飛びこむ\n  水の音\n")


def test_pictures_voices_and_failures_are_told_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    view = Unfolding("a pond")
    view.see(event("job.succeeded", "speech.say", result=Recording(2, 1.54, "a test")))
    view.see(event("job.retrying", "image.paint", error={"detail": "No ink."}))
    view.see(event("job.succeeded", "image.paint", result=Picture(1, 768, 768, "A pond.", "池", "a test")))
    view.see(event("request.succeeded", "?"))

    assert capsys.readouterr().out.splitlines() == [
        "  ✓ voice 2   1.5 s",
        "  ✗ picture: No ink. Trying again.",
        "  ✓ picture 1 768 × 768, A pond.",
    ]


async def test_a_long_silence_is_told_once_with_who_knows_more(capsys: pytest.CaptureFixture[str]) -> None:
    view, told = Unfolding("a pond"), asyncio.Event()

    def tell() -> None:
        view.hear_nothing(10, "kotonoha doctor")
        told.set()

    with contextlib.closing(Silence(0, tell)) as silence:
        await told.wait()
        told.clear()
        view.see(event("job.started", "haiku.compose"))
        silence.heard()
        await told.wait()

    assert capsys.readouterr().out.splitlines() == [
        "  … Waiting for a worker: nothing was heard for 10 s. What is wrong, if anything, says: kotonoha doctor",
        "  … Still at work: nothing was heard for 10 s. What is wrong, if anything, says: kotonoha doctor",
    ]


async def test_what_is_heard_in_time_is_no_silence() -> None:
    told: list[str] = []
    later = asyncio.Event()
    with contextlib.closing(Silence(0, lambda: told.append("nothing"))) as silence:
        silence.heard()
    asyncio.get_running_loop().call_later(0, later.set)
    await later.wait()

    assert told == []


def test_a_failure_says_of_which_line(capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [JobId(new_id()) for _ in range(3)]
    view = Unfolding("a pond")
    view.see(event("job.succeeded", "haiku.scenes", followed_by=[{"id": str(job), "kind": "image.paint"} for job in jobs]))
    view.see(replace(event("job.retrying", "image.paint", error={"detail": "No ink."}), job_id=jobs[1]))

    assert capsys.readouterr().out == "  ✗ picture 2: No ink. Trying again.\n"


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    view = Unfolding("a pond", quiet=True)
    view.begin()
    view.see(event("job.succeeded", "haiku.compose", result=DRAFT))
    view.saved("here", 1.0)

    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("narrow")
def test_what_can_be_pasted_is_never_broken_by_a_narrow_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home = Home(tmp_path / "a home [bold]")
    Welcome(home).ready(neighbours(8600), 2.0)
    lines = capsys.readouterr().out.splitlines()

    assert f"  Logs        {home.logs}" in lines
    assert any(line.endswith(f"try haiku \"autumn rain\" --home '{home.path}'") for line in lines)
    assert any(line.endswith(f"down --home '{home.path}'") for line in lines)
    assert any(line.endswith(f"token --home '{home.path}')\" http://127.0.0.1:8600/api/haiku") for line in lines)


@pytest.mark.usefixtures("narrow")
def test_the_usual_home_needs_no_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Welcome(Home(tmp_path / ".kotonoha")).ready(neighbours(8600), 2.0)

    assert "--home" not in capsys.readouterr().out


def test_an_app_is_told_with_its_address_or_with_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    app = App("haiku", "Haiku", frontends=tmp_path)
    Welcome(Home(tmp_path)).ready(neighbours(8600), 2.0, [app])
    app.pages.mkdir(parents=True)
    (app.pages / "index.html").touch()
    Welcome(Home(tmp_path)).ready(neighbours(8600), 2.0, [app])
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  Haiku")]

    assert told == ["  Haiku       not built yet: make setup", "  Haiku       http://127.0.0.1:8604"]


async def test_a_platform_without_workers_says_that_nothing_will_be_made(
    capsys: pytest.CaptureFixture[str], own_home: Home
) -> None:
    asked = make_parser().parse_args(["up", "--home", str(own_home.path), "--port", "0", "--no-frontends", "--workers", "0"])
    view = Welcome(own_home)
    task = asyncio.create_task(up(own_home, asked, view))
    told = ""

    async def says_so() -> bool:
        nonlocal told
        told += capsys.readouterr().out
        return "! Nothing is made without workers." in told

    await until(says_so, within_seconds=60)
    task.cancel()

    assert await task == 0


def test_a_warning_nobody_can_read_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    for place in (os.open("/dev/full", os.O_WRONLY), writer):
        stream = os.fdopen(place, "w", encoding="utf-8")
        monkeypatch.setattr(sys, "stdout", stream)

        Welcome(Home(tmp_path)).warn("A worker ended (Killed) and is started again.")

        with contextlib.suppress(OSError):
            stream.close()
