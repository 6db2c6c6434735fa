"""The bell: rung for every queue, worth nothing to whoever reads it, and never waited for long."""

import asyncio

import msgspec
import pytest

from core.contracts.job import QUEUES
from core.queue import BELLS_KEPT, RING_SECONDS, Bell, arq_queue, ring, wake_list
from tests.core.test_broadcast import NOBODY, connected_by
from tests.wire import wired


async def test_every_queue_has_its_own_bell(bell: Bell) -> None:
    heard = await ring(bell, ["text", "speech", "speech", "speech"])

    assert heard
    assert [await bell.llen(wake_list(queue)) for queue in QUEUES] == [1, 0, 3]  # type: ignore[misc]  # typed for both clients
    assert [await bell.zcard(arq_queue(queue)) for queue in QUEUES] == [1, 0, 3]


async def test_ringing_for_nothing_is_heard(bell: Bell) -> None:
    assert await ring(bell, [])


async def test_what_lies_in_redis_is_json_and_names_no_job(bell: Bell) -> None:
    await ring(bell, QUEUES)
    keys = [key async for key in bell.scan_iter(match="arq:job:*")]
    calls = [msgspec.json.decode(await bell.get(key) or b"") for key in keys]

    assert len(calls) == len(QUEUES)
    assert {(call["f"], *call["a"], *call["k"]) for call in calls} == {("bell",)}


async def test_a_bell_nobody_hears_is_forgotten(bell: Bell) -> None:
    await ring(bell, ["text"])
    (key,) = [key async for key in bell.scan_iter(match="arq:job:*")]

    assert 0 < await bell.pttl(key) <= 20_000


async def test_bells_nobody_hears_do_not_pile_up(bell: Bell) -> None:
    for _ in range(3):
        await ring(bell, ["image"] * BELLS_KEPT)
    await ring(bell, ["image"])

    assert await bell.llen(wake_list("image")) == BELLS_KEPT  # type: ignore[misc]  # typed for both clients
    assert await bell.zcard(arq_queue("image")) == BELLS_KEPT


async def test_a_redis_that_is_away_is_no_error_and_leaves_nothing_running() -> None:
    before = asyncio.all_tasks()
    async with connected_by(NOBODY) as away:
        heard = await ring(away, QUEUES)

    assert not heard
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("queues", [QUEUES[:1], QUEUES * 10])
async def test_a_redis_that_says_nothing_costs_no_more_than_the_bound(valkey_url: str, queues: tuple[str, ...]) -> None:
    clock = asyncio.get_running_loop().time
    async with wired(valkey_url) as (wire, url), connected_by(url) as bell:
        before = await ring(bell, ["text"])
        wire.silence()
        began = clock()
        silent = await ring(bell, queues)  # type: ignore[arg-type]  # parametrized
        took = clock() - began
        wire.drop()
        wire.mend()
        after = await ring(bell, ["text"])

    assert (before, silent, after) == (True, False, True)
    assert took < 3 * RING_SECONDS
