"""Every event arrives once and in order, wherever the stream is cut; and what the api says reaches the person asking."""

import re
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from core.contracts.events import Event
from core.contracts.ids import RequestId, new_id
from core.errors import NotFound, Refused
from local.caller import calling
from local.follow import follow
from tests.local.stream import answering, say, stream

REQUEST = RequestId(new_id())
TYPES = ("request.accepted", "job.started", "request.failed", "request.retried", "job.succeeded", "request.succeeded")


def event(seq: int) -> Event:
    # U+2028 ends a line for str.splitlines, not in an event stream.
    return Event(REQUEST, TYPES[seq - 1], datetime.now(UTC), {"text": "秋\u2028雨"}, seq)


def tell(line: str) -> bytes:
    return stream(write(after(line))) if after(line) < len(TYPES) else say("204 No Content")


def write(after: int) -> bytes:
    events = (event(seq) for seq in range(after + 1, len(TYPES) + 1))
    beginning = b": still here\n\n"
    return beginning + b"".join(b"id: %d\ndata: %b\n\n" % (one.seq or 0, msgspec.json.encode(one)) for one in events)


def after(request_line: str) -> int:
    asked = re.search(r"after=(\d+)", request_line)
    assert asked is not None
    return int(asked[1])


async def heard(url: str) -> list[Event]:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        return [event async for event in follow(http, "/events")]


@pytest.mark.parametrize("length", [0, 1, 20, 150, 290, 301, 450, 10_000])
async def test_a_stream_cut_anywhere_is_taken_up_where_it_ended(length: int) -> None:
    cuts = [length]

    def answer(line: str) -> bytes:
        return stream(write(after(line))[: cuts.pop()]) if cuts else tell(line)

    async with answering(answer) as url:
        events = await heard(url)

    assert [one.seq for one in events] == [1, 2, 3, 4, 5, 6]
    assert events[0].data == {"text": "秋\u2028雨"}


async def test_passing_words_are_heard_and_not_counted() -> None:
    delta = Event(REQUEST, "job.delta", datetime.now(UTC), {"text": "秋雨や"})

    passing = [stream(b"data: " + msgspec.json.encode(delta) + b"\n\n" + write(0))]

    async with answering(lambda line: passing.pop() if passing else tell(line)) as url:
        events = await heard(url)

    assert [one.seq for one in events] == [None, 1, 2, 3, 4, 5, 6]


async def test_following_what_was_told_already_ends_at_once() -> None:
    async with answering(lambda _: say("204 No Content")) as url:
        assert await heard(url) == []


async def test_a_moment_without_the_database_is_waited_for() -> None:
    away = [say("503 Service Unavailable", b'{"detail": "The database is away."}', "Retry-After: 0")] * 2

    async with answering(lambda line: away.pop() if away else tell(line)) as url:
        assert len(await heard(url)) == len(TYPES)


async def test_following_nothing_says_so() -> None:
    async with answering(lambda _: say("404 Not Found", b'{"detail": "There is no such request."}')) as url:
        with pytest.raises(NotFound, match="no such request"):
            await heard(url)


async def test_a_call_outlasts_a_moment_in_which_nobody_answers() -> None:
    answers = [say("200 OK", b'{"id": "x"}'), b"", say("503 Service Unavailable", b"not even JSON", "Retry-After: 0")]

    async with answering(lambda _: answers.pop()) as url, calling(url, "token") as caller:
        assert await caller.submit("/api/haiku", {"topic": "rain"}) == {"id": "x"}


async def test_a_refusal_says_what_is_wrong_and_of_what() -> None:
    problem = b'{"detail": "The text cannot be taken: it is empty.", "errors": [{"pointer": "/topic", "detail": "It is empty."}]}'

    async with answering(lambda _: say("400 Bad Request", problem)) as url, calling(url, "token") as caller:
        with pytest.raises(Refused, match=r"^The text cannot be taken: it is empty\.$"):
            await caller.submit("/api/haiku", {"topic": ""})
