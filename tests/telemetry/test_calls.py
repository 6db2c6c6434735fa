"""In the account one ask may be several calls: each is a span of its own, with what it took, and the ask's price is the job's."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.contracts.job import Queue
from core.contracts.speech import Say
from core.errors import GiveUp, JobFailed
from core.pace import Ceiling, Pace
from core.queue import Bell
from core.settings import Settings
from telemetry.trace import span
from tests.fakes import FakeAws
from tests.telemetry.conftest import Ear
from tests.workers.providers.aws.asks import converse, paint
from workers.calling import told as tell
from workers.providers.aws.clients import Clients
from workers.providers.aws.failures import POLLY
from workers.providers.aws.gate import Callee, Gate
from workers.providers.aws.voice import PollyVoice
from workers.telling import SPEAK
from workers.tools import SpeechTools, Tools

FakeTools = Mapping[Queue, Tools]
GUARD = "apply_guardrail guardrail:abcdef123456"
GEN_AI = {"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model"}


@pytest.fixture
def chat(fake_settings: Settings) -> str:
    return f"chat {fake_settings.text_model}"


def calls(told: Ear) -> list[tuple[str, dict[str, Any]]]:
    """Every call in the order they ended: its name, and what it says of itself beside whom it was to."""
    spans = [span for span in told.listen().spans if span.kind == "CLIENT"]
    assert all(span.attributes.keys() >= GEN_AI for span in spans)
    return [(span.name, {name: value for name, value in span.attributes.items() if "usage" in name}) for span in spans]


async def test_a_repair_is_a_call_of_its_own_with_its_own_tokens(
    told: Ear, fake_tools: FakeTools, fake_aws: FakeAws, chat: str
) -> None:
    await fake_aws.fault("bedrock-runtime", "wrong_morae")
    answer = await converse(tell(fake_tools["text"]))
    made = calls(told)
    heard = told.listen()
    tokens = [sum(each.get(f"gen_ai.usage.{way}", 0) for _, each in made) for way in ("input_tokens", "output_tokens")]

    assert [name for name, _ in made] == [GUARD, GUARD, GUARD, chat, chat, GUARD]
    assert all(each["usage.content_policy_units"] > 0 for name, each in made if name == GUARD)
    assert tokens == [answer.paid.usage["input_tokens"], answer.paid.usage["output_tokens"]]
    assert [heard.total("gen_ai.client.token.usage", way) for way in ("input", "output")] == tokens
    assert sum(point.times for point in heard.of("gen_ai.client.operation.duration")) == 6
    assert heard.total("kotonoha.provider.cost") == answer.paid.cost_microusd


async def test_each_piece_of_a_long_text_is_spoken_and_marked_in_calls_of_their_own(
    told: Ear, fake_clients: Clients, fake_settings: Settings, fake_aws: FakeAws, bell: Bell
) -> None:
    client = await fake_clients.open("polly", fake_settings.aws_region)
    gate = Gate(Callee("voice", "aws.polly", "polly-neural", SPEAK), POLLY, Pace(bell, "polly", Ceiling(600), 1))
    voice = tell(SpeechTools(PollyVoice(client, "Kazuha", gate, piece_characters=14))).voice
    answer = await voice.say(Say(1, "秋", "あき の あめ。 かさ お かたむけ。 ふりむけり"))
    made = calls(told)

    assert [name for name, _ in made] == ["generate_content polly-neural"] * 4
    assert all(each["usage.characters"] > 0 for _, each in made)
    assert sum(each["usage.characters"] for _, each in made) == answer.paid.usage["characters"]


async def test_the_call_that_failed_is_marked_and_the_one_before_it_is_not(
    told: Ear, fake_tools: FakeTools, fake_aws: FakeAws, chat: str
) -> None:
    await fake_aws.fault("bedrock-runtime", "wrong_morae", operation="ConverseStream")
    await fake_aws.fault("bedrock-runtime", "error", operation="Converse", code="ModelErrorException")
    with pytest.raises(JobFailed):
        await converse(tell(fake_tools["text"]))

    assert [span.failed for span in told.listen().spans if span.name == chat] == [None, "ModelErrorException"]


async def test_the_price_of_an_ask_stands_on_the_span_of_its_job_alone(
    told: Ear, fake_tools: FakeTools, fake_aws: FakeAws
) -> None:
    with span("process haiku.compose", "consumer"):
        answer = await converse(tell(fake_tools["text"]))
    priced = [(span.name, span.attributes["cost_microusd"]) for span in told.listen().spans if "cost_microusd" in span.attributes]

    assert priced == [("process haiku.compose", answer.paid.cost_microusd)]


async def test_a_picture_that_is_held_back_is_a_call_that_failed(told: Ear, fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "content_filter")
    with pytest.raises(GiveUp):
        await paint(tell(fake_tools["image"]))
    (made,) = [span for span in told.listen().spans if span.kind == "CLIENT"]

    assert (made.failed, made.attributes["gen_ai.output.type"]) == ("GiveUp", "image")
