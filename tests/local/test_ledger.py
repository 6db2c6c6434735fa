"""Requests are readable on any terminal, and their ids can be copied."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, new_id
from local.ledger import Ledger

FAILURE = {"type": "urn:kotonoha:problem:give-up", "title": "It cannot work", "detail": "The words were refused."}


def request(status: str = "succeeded") -> dict[str, Any]:
    failure = FAILURE if status == "failed" else None
    return {
        "id": str(new_id()),
        "product": "haiku",
        "status": status,
        "resource": "/api/haiku/1",
        "progress": {"completed": 7, "total": 8, "message": "7 of 8 steps done."},
        "error": failure,
        "jobs": [{"id": "1", "kind": "speech.say", "status": status, "attempt": 2, "error": failure}],
        "created_at": "2026-11-26T01:49:56Z",
    }


@pytest.mark.parametrize("columns", ["30", "60", "78", "200"])
def test_every_id_stands_whole_on_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    requests = [request(status) for status in ("succeeded", "failed", "running")]
    Ledger().list_requests(requests, {"/api/haiku/1": "秋雨の" * 20})
    lines = capsys.readouterr().out.splitlines()

    for one in requests:
        assert [line for line in lines if one["id"] in line]
    assert max(map(len, lines)) <= max(int(columns), 36)
    assert {"succeeded", "failed", "running"} <= {word for line in lines for word in line.split()}


def test_an_empty_list_and_a_long_one_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    Ledger().list_requests([], {})
    Ledger().list_requests([request()], {}, "kotonoha requests list --cursor 1")
    written = capsys.readouterr().out

    assert written.startswith("No requests.\n")
    assert written.endswith("There are more: kotonoha requests list --cursor 1\n")


@pytest.mark.parametrize("columns", ["60", "104"])
def test_topics_tell_requests_apart_and_long_ones_are_shortened(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    short, long = request(), request() | {"resource": "/api/haiku/2"}
    Ledger().list_requests([short, long], {"/api/haiku/1": "autumn rain", "/api/haiku/2": "傘を忘れた人のための秋の雨"})
    written = capsys.readouterr().out

    assert "autumn rain" in written
    assert "傘を忘れた人のための秋…" in written
    assert "雨" not in written


def test_one_request_says_what_went_wrong_where(capsys: pytest.CaptureFixture[str]) -> None:
    one = request("failed")
    Ledger().show_request(one, "kotonoha requests retry 1")
    written = capsys.readouterr().out
    Ledger().show_request(request("succeeded"), "kotonoha requests retry 1")
    well = capsys.readouterr().out

    assert written.startswith(one["id"])
    assert "It cannot work: The words were refused." in written
    assert "failed     speech.say #2" in written
    assert written.endswith("  Try again what failed: kotonoha requests retry 1\n")
    assert "retry" not in well


def test_what_happens_is_one_numbered_line(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"kind": "speech.say", "attempt": 1, "error": FAILURE}
    Ledger().tell(Event(RequestId(new_id()), "job.failed", datetime.now(UTC), data, 12))

    assert capsys.readouterr().out == " 12  job.failed  speech.say #1\n     The words were refused.\n"


def test_what_is_of_one_line_of_a_poem_says_of_which(capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [JobId(new_id()) for _ in range(4)]
    kinds = ("haiku.scenes", "speech.say", "speech.say", "speech.say")
    followed_by = [{"id": str(job), "kind": kind} for job, kind in zip(jobs, kinds, strict=True)]
    ledger, request_id, at = Ledger(), RequestId(new_id()), datetime.now(UTC)
    ledger.tell(Event(request_id, "job.succeeded", at, {"kind": "haiku.compose", "attempt": 1, "followed_by": followed_by}, 3))
    ledger.tell(Event(request_id, "job.started", at, {"kind": "speech.say", "attempt": 2}, 4, jobs[2]))
    ledger.show_request(
        request() | {"jobs": [{**one, "status": "queued", "attempt": 0, "error": None} for one in followed_by]}, ""
    )
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]

    assert lines[:2] == ["3  job.succeeded  haiku.compose #1", "4  job.started  speech.say, line 2 #2"]
    assert lines[-4:] == ["queued     haiku.scenes", *(f"queued     speech.say, line {number}" for number in (1, 2, 3))]


def test_of_a_rest_that_was_asked_for_no_line_is_claimed(capsys: pytest.CaptureFixture[str]) -> None:
    """A picture of line 2 and a voice of line 3, say: neither is of line 1."""
    kinds = ("image.paint", "speech.say", "speech.say")
    jobs = [{"id": str(new_id()), "kind": kind, "status": "queued", "attempt": 0, "error": None} for kind in kinds]
    Ledger().show_request(request() | {"jobs": jobs}, "")
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]

    assert lines[-3:] == [f"queued     {kind}" for kind in kinds]


def test_an_attempt_that_was_given_back_has_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"kind": "image.paint", "attempt": 0, "error": FAILURE}
    Ledger().tell(Event(RequestId(new_id()), "job.retrying", datetime.now(UTC), data, 5))

    assert capsys.readouterr().out == "  5  job.retrying  image.paint\n     The words were refused.\n"
