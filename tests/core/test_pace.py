"""How fast a model may be asked: the ceiling holds, throttles halve it, successes give it back, and Redis may be away."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from core.pace import BURST_SECONDS, CUT_SECONDS, LEAST, Bucket, Ceiling, Pace, fresh
from core.queue import Bell

MINUTE = Ceiling(requests=60, tokens=6000)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 900)), max_size=200))
def test_no_flow_of_calls_gets_more_than_the_ceiling_and_one_burst(calls: list[tuple[float, int]]) -> None:
    bucket, now, taken, tokens, last = fresh(MINUTE, 0.0), BURST_SECONDS, 0, 0, 0
    for pause, wanted in calls:
        now += pause
        bucket = bucket.filled(MINUTE, now)
        if bucket.wait(MINUTE) == 0:
            bucket, taken, tokens, last = bucket.less(1, wanted), taken + 1, tokens + wanted, wanted

    # The last call may owe all it took but one.
    assert taken <= now + 1
    assert tokens <= now * 100 + last


@given(st.integers(1, 5000), st.sampled_from([1.0, 0.5, LEAST]))
def test_whoever_waits_as_long_as_told_may_go(tokens: int, share: float) -> None:
    bucket = Bucket(0.0, 5.0, 100.0, share).filled(MINUTE, 1.0).less(1, tokens)

    wait = bucket.wait(MINUTE)
    # A hundredth of a request is waited for on top, and no more.
    sooner = wait - 0.011 / share

    assert bucket.filled(MINUTE, 1.0 + wait).wait(MINUTE) == 0
    assert sooner <= 0 or bucket.filled(MINUTE, 1.0 + sooner).wait(MINUTE) > 0


def test_throttles_of_one_moment_halve_the_flow_once_and_it_is_never_shut_off() -> None:
    bucket = fresh(MINUTE, 0.0)
    once = bucket.slower(MINUTE, 10.0, 1.0).slower(MINUTE, 10.1, 1.0)
    often = bucket
    for second in range(20):
        often = often.slower(MINUTE, 100.0 + second * CUT_SECONDS, 1.0)

    assert once.share == 0.5
    assert often.share == LEAST


@pytest.mark.parametrize("pause", [1.0, 7.0])
def test_after_a_throttle_nobody_calls_for_as_long_as_the_provider_asked(pause: float) -> None:
    bucket = fresh(MINUTE, 0.0).slower(MINUTE, 10.0, pause)

    assert bucket.filled(MINUTE, bucket.at + pause - 0.01).wait(MINUTE) > 0
    assert bucket.filled(MINUTE, bucket.at + pause + 0.03).wait(MINUTE) == 0


def test_successes_give_back_a_little_each() -> None:
    bucket = fresh(MINUTE, 0.0).slower(MINUTE, 10.0, 1.0)

    assert bucket.share < bucket.faster().share < 0.52
    for _ in range(100):
        bucket = bucket.faster()
    assert bucket.share == 1.0


async def taken(pace: Pace, times: int, tokens: int = 0) -> int:
    return sum([await pace.take(tokens) == 0 for _ in range(times)])


async def test_processes_share_one_ceiling(bell: Bell) -> None:
    one, other = Pace(bell, "m", Ceiling(60), 2), Pace(bell, "m", Ceiling(60), 2)

    assert await taken(one, 8) == 8
    assert await taken(other, 8) <= 3


async def test_a_throttle_met_by_one_process_slows_the_other(bell: Bell) -> None:
    one, other = Pace(bell, "m", Ceiling(60_000), 2), Pace(bell, "m", Ceiling(60_000), 2)
    await one.take()
    await one.slow_down()

    assert await other.take() > 0.5


async def test_another_model_is_not_slowed(bell: Bell) -> None:
    one, other = Pace(bell, "m", Ceiling(600), 2), Pace(bell, "n", Ceiling(600), 2)
    await one.slow_down()

    assert await other.take() == 0


async def test_what_a_call_took_beyond_what_was_thought_is_owed(bell: Bell) -> None:
    pace = Pace(bell, "m", Ceiling(600, 6000), 1)
    assert await pace.take(10) == 0
    await pace.settle(3000)

    assert await pace.take(10) == pytest.approx(20, abs=2)


async def test_while_redis_is_away_each_process_keeps_its_share() -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    pace = Pace(nowhere, "m", Ceiling(120), 2, away=timedelta(minutes=1))

    assert await taken(pace, 30) in (10, 11)
    await nowhere.aclose()
