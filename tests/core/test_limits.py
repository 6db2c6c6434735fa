"""Limits that all processes share, and what becomes of them while Redis is away."""

import asyncio
from datetime import timedelta

import pytest

from core.contracts.ids import UserId
from core.errors import Quota, TooMany
from core.limits import Limits
from core.queue import Bell, connect_bell
from tests.wire import wired

MEI, KEN = UserId("mei"), UserId("ken")
TEN = Quota("requests", 10, 60)
MANY = Quota("requests", 500, 60)


async def used(limits: Limits, quota: Quota = TEN, owner: UserId = MEI, times: int = 30) -> int:
    """How many of so many were let through, ten at the same moment: a crowd would wait for itself, as for a slow Redis."""
    answers: list[BaseException | None] = []
    for _ in range(times // 10):
        answers += await asyncio.gather(*(limits.take(quota, owner) for _ in range(10)), return_exceptions=True)
    assert all(answer is None or isinstance(answer, TooMany) for answer in answers)
    return answers.count(None)


async def test_two_processes_share_one_limit_exactly(valkey_url: str) -> None:
    one, other = connect_bell(valkey_url), connect_bell(valkey_url)
    used_here, used_there = await asyncio.gather(used(Limits(one, 3), MANY, times=400), used(Limits(other, 3), MANY, times=400))
    for bell in (one, other):
        await bell.aclose(close_connection_pool=True)

    assert used_here + used_there == 500


async def test_every_learner_and_every_quota_has_a_limit_of_its_own(bell: Bell) -> None:
    limits = Limits(bell, 2)

    assert await used(limits) == 10
    assert await used(limits, owner=KEN) == 10
    assert await used(limits, Quota("submits", 3, 60)) == 3


async def test_looking_uses_nothing_up_and_says_when_nothing_is_left(bell: Bell) -> None:
    limits = Limits(bell, 2)
    for _ in range(50):
        await limits.check(TEN, MEI)
    left = await used(limits)

    assert left == 10
    with pytest.raises(TooMany):
        await limits.check(TEN, MEI)


async def test_whoever_waits_as_long_as_told_is_served(bell: Bell) -> None:
    limits = Limits(bell, 2)
    await used(limits)
    with pytest.raises(TooMany) as refused:
        await limits.take(TEN, MEI)
    (key,) = await bell.keys("kotonoha:limits*")
    ends_in = timedelta(milliseconds=await bell.pttl(key))
    # The window's end, as Redis brings it about when the time has come.
    await bell.delete(key)
    await limits.take(TEN, MEI)

    assert ends_in <= refused.value.retry_after <= ends_in + timedelta(seconds=2)
    assert refused.value.retry_after <= timedelta(seconds=60)
    assert refused.value.quota == TEN


@pytest.mark.parametrize("fault", ["cut", "silence"])
async def test_while_redis_is_away_a_process_allows_its_share_and_no_more(valkey_url: str, fault: str) -> None:
    async with wired(valkey_url) as (wire, url):
        bell = connect_bell(url)
        limits = Limits(bell, 4)
        await limits.take(Quota("requests", 10, 60), KEN)
        getattr(wire, fault)()
        async with asyncio.timeout(20):
            alone = await used(limits, Quota("requests", 40, 60), times=100)
            few = await used(limits, Quota("few", 1, 60))
        wire.mend()
        await bell.aclose(close_connection_pool=True)

    assert alone == 10
    assert few == 1, "nobody is locked out"


async def test_a_redis_that_comes_back_counts_again(valkey_url: str) -> None:
    async with wired(valkey_url) as (wire, url):
        bell = connect_bell(url)
        limits = Limits(bell, 2, away=timedelta(0))
        wire.cut()
        alone = await used(limits)
        wire.mend()
        shared = await used(limits)
        await bell.aclose(close_connection_pool=True)

    assert (alone, shared) == (5, 10)
