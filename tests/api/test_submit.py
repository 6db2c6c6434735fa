"""The desk: what is accepted is in the rows before anybody is told."""

import asyncio
from collections.abc import Iterable

import httpx
import pytest

from api.forecast import Forecaster
from api.submit import Desk
from core.contracts.events import Event
from core.contracts.haiku import Compose, Message
from core.contracts.ids import UserId, new_id
from core.contracts.job import Queue
from core.contracts.request import Submission
from core.db.admission import wait_to_ask
from core.db.pool import Pool
from core.errors import Unavailable
from core.limits import Limits
from core.queue import Bell, arq_queue, wake_list
from core.settings import Settings
from tests.api.work import MEI

ASK = Compose("rain", (Message("learner", "rain"),), None, 1, illustrate=False)


class Told:
    """Hears the bell and the events, and looks whether the rows were there already."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.queues: list[Queue] = []
        self.events: list[Event] = []
        self.rows_before: list[int] = []

    async def ring(self, queues: Iterable[Queue]) -> bool:
        self.queues += queues
        self.rows_before.append(await self._pool.fetchval("SELECT count(*) FROM street.requests"))
        return True

    async def publish(self, events: Iterable[Event]) -> bool:
        self.events += events
        return True


def submission(key: str | None = None) -> Submission:
    return Submission(MEI, "haiku", new_id(), {}, (ASK,), key, "hash" if key else None)


@pytest.fixture
def told(pool: Pool) -> Told:
    return Told(pool)


@pytest.fixture
def desk(pool: Pool, settings: Settings, bell: Bell, told: Told) -> Desk:
    return Desk(pool, settings, Forecaster(pool, settings), Limits(bell, 2), told.ring, told.publish)


async def test_the_bell_rings_after_the_commit(desk: Desk, told: Told) -> None:
    async with desk.transaction(MEI) as db:
        accepted = await desk.submit(db, submission())
        early = list(told.queues)
    await desk.announce(accepted)

    assert early == []
    assert told.queues == ["text"]
    assert told.rows_before == [1]
    assert [event.type for event in told.events] == ["request.accepted"]


async def test_what_was_accepted_before_is_not_announced_again(desk: Desk, told: Told) -> None:
    for _ in range(2):
        async with desk.transaction(MEI) as db:
            accepted = await desk.submit(db, submission("once"))
        await desk.announce(accepted)

    assert not accepted.is_new
    assert len(told.events) == 1


async def test_a_submit_leaves_a_word_for_who_waits_at_the_bell(mei: httpx.AsyncClient, bell: Bell) -> None:
    await mei.post("/api/haiku", json={"topic": "rain"})

    assert await bell.llen(wake_list("text")) == 1  # type: ignore[misc]  # redis-py types its answers for sync and async alike
    assert await bell.zcard(arq_queue("text")) == 1


async def test_an_impatient_learner_leaves_connections_for_others(desk: Desk, pool: Pool) -> None:
    """Twelve asks at once hold one connection, not all there are."""
    inside, leave = asyncio.Event(), asyncio.Event()

    async def ask() -> None:
        async with desk.transaction(MEI) as db:
            await wait_to_ask(db, MEI)
            inside.set()
            await leave.wait()

    asking = [asyncio.create_task(ask()) for _ in range(12)]
    await inside.wait()
    busy = pool.get_size() - pool.get_idle_size()
    leave.set()
    await asyncio.gather(*asking)

    assert busy == 1


async def test_a_long_line_at_a_silent_postgres_is_told_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.submit.TURN_SECONDS", 0.05)
    async with desk.transaction(MEI):
        with pytest.raises(Unavailable):
            async with desk.transaction(MEI):
                pass
        async with desk.transaction(UserId("ken")):
            pass

    async with desk.transaction(MEI) as db:
        await wait_to_ask(db, MEI)
