"""What a gate takes and gives back: leave at the pace, the one look at a part that was failing, and each model's own bucket."""

import asyncio
from collections.abc import Mapping

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError

from core.contracts.job import Queue
from core.errors import GiveUp, JobFailed, TryAgain
from core.pace import Ceiling, Pace
from core.queue import Bell
from core.settings import Settings
from tests.fakes import FakeAws
from tests.workers.providers.aws.asks import describe
from tests.workers.providers.aws.test_circuit import Clock
from workers.providers.aws.circuit import FIRST_SECONDS, TRIPS, Circuit
from workers.providers.aws.failures import BEDROCK
from workers.providers.aws.gate import Callee, Gate
from workers.telling import CHAT
from workers.tools import Tools

POET = Callee("poet", "aws.bedrock", "m", CHAT)
TOKENS = 6000


def failing(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "Converse")


async def call(gate: Gate, error: Exception, used: int | None) -> None:
    async with gate.passing(TOKENS) as turn:
        if used is not None:
            turn.used(used)
        raise error


async def fail(gate: Gate, error: Exception, used: int | None = None) -> None:
    with pytest.raises(JobFailed):
        await call(gate, error, used)


async def test_a_look_is_not_lost_to_a_call_that_must_wait_all_the_same(bell: Bell) -> None:
    circuit = failing_for_long()
    pace = Pace(bell, "m", Ceiling(1), 1)
    assert await pace.take() == 0
    gate = Gate(POET, BEDROCK, pace, circuit)

    with pytest.raises(TryAgain, match="busy"):
        async with gate.passing():
            pass
    assert circuit.rest() == 0, "whoever has its turn may look"


def failing_for_long() -> Circuit:
    """And now somebody may look."""
    clock = Clock()
    circuit = Circuit(clock)
    for _ in range(TRIPS):
        circuit.failed()
    clock.now += FIRST_SECONDS
    return circuit


async def test_a_look_is_not_lost_to_a_turn_in_which_nobody_is_asked(bell: Bell) -> None:
    """As when a guardrail may be looked at, but the model whose words it would read must wait."""
    circuit = failing_for_long()
    gate = Gate(POET, BEDROCK, Pace(bell, "m", Ceiling(600), 1), circuit)

    with pytest.raises(TryAgain):
        async with gate.turn():
            raise TryAgain("The model is busy.", refund=True)
    assert circuit.rest() == 0


async def test_a_look_is_not_lost_to_a_call_that_is_stopped(bell: Bell) -> None:
    circuit = failing_for_long()
    gate = Gate(POET, BEDROCK, Pace(bell, "m", Ceiling(600), 1), circuit)

    with pytest.raises(asyncio.CancelledError):
        async with gate.passing():
            raise asyncio.CancelledError
    assert circuit.rest() == 0


async def test_what_was_never_sent_tells_nothing_of_the_part(bell: Bell) -> None:
    circuit = failing_for_long()
    await fail(Gate(POET, BEDROCK, Pace(bell, "m", Ceiling(600, TOKENS * 60), 1), circuit), NoCredentialsError())

    assert circuit.rest() == 0
    circuit.enter()
    assert circuit.rest() > 0, "it is still to be looked at"


@pytest.mark.parametrize("code", ["ServiceUnavailableException", "ValidationException"])
async def test_a_look_is_over_with_any_answer(bell: Bell, code: str) -> None:
    circuit = failing_for_long()
    await fail(Gate(POET, BEDROCK, Pace(bell, "m", Ceiling(600, TOKENS * 60), 1), circuit), failing(code))

    assert (circuit.rest() > 0) == (code == "ServiceUnavailableException")


@pytest.mark.parametrize(
    "error", [failing("ValidationException"), failing("ServiceUnavailableException"), ConnectTimeoutError(endpoint_url="x")]
)
async def test_what_a_call_that_came_to_nothing_did_not_use_is_given_back(bell: Bell, error: Exception) -> None:
    pace = Pace(bell, "m", Ceiling(60_000, TOKENS * 6), 1)
    await fail(Gate(POET, BEDROCK, pace), error)

    assert await pace.take(TOKENS - 100) == 0
    assert await pace.take(TOKENS) == 0
    assert await pace.take() > 0, "there was as much as that, and no more"


async def test_what_a_call_that_broke_off_used_nobody_knows(bell: Bell) -> None:
    pace = Pace(bell, "m", Ceiling(60_000, TOKENS * 6), 1)
    await fail(Gate(POET, BEDROCK, pace), failing("InternalServerException"))

    assert await pace.take(TOKENS) == 0
    assert await pace.take() > 0


async def test_an_answer_nobody_likes_takes_what_it_tells(bell: Bell) -> None:
    pace = Pace(bell, "m", Ceiling(60_000, TOKENS * 6), 1)
    await fail(Gate(POET, BEDROCK, pace), GiveUp("Please try other words."), used=100)

    assert await pace.take(TOKENS - 200) == 0
    assert await pace.take() == 0


async def test_calls_of_a_turn_that_are_not_made_are_given_back(bell: Bell) -> None:
    pace = Pace(bell, "m", Ceiling(60), 1)
    with pytest.raises(JobFailed):
        async with Gate(POET, BEDROCK, pace).turn(requests=10) as turn, Gate(POET, BEDROCK, pace).calling(turn):
            raise failing("InternalServerException")

    assert await pace.take(requests=9) == 0


async def test_a_guardrail_that_is_throttled_slows_no_model(
    fake_tools: Mapping[Queue, Tools], fake_aws: FakeAws, fake_settings: Settings, bell: Bell
) -> None:
    await fake_aws.fault("bedrock-runtime", "error", operation="ApplyGuardrail", code="ThrottlingException")

    await describe(fake_tools["text"])

    model, guardrail = fake_settings.text_model, fake_settings.guardrail_id
    assert b'"share":1.0' in await bell.get(f"kotonoha:pace:{model}")
    assert b'"share":0.5' in await bell.get(f"kotonoha:pace:guardrail:{guardrail}")
