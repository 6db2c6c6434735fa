"""For each thing that goes wrong over there: what the job does next, what is paid, and that everything else goes on."""

import re
from collections.abc import Mapping

import pytest

from core.contracts.job import Queue
from core.errors import GiveUp, TryAgain, Unfinished
from core.queue import Bell
from core.settings import Settings
from local.fakes.bedrock.unwelcome import UNWELCOME
from local.fakes.models import stream_events
from tests.fakes import FakeAws
from tests.workers.providers.aws.asks import (
    AGAIN_FREE,
    AGAIN_PAID,
    AGAIN_PRICED,
    OVER,
    OVER_FREE,
    OVER_PRICED,
    Ask,
    converse,
    describe,
    failure,
    next_of,
    paint,
    say,
)
from tests.workers.providers.conftest import NOWHERE
from workers.providers.aws.account import Account
from workers.providers.aws.circuit import TRIPS
from workers.providers.aws.clients import Clients
from workers.providers.aws.failures import BEDROCK, POLLY
from workers.providers.aws.flaws import Unusable
from workers.tools import Tools

FakeTools = Mapping[Queue, Tools]

THEN = {
    AGAIN_FREE: """
        ThrottlingException Throttling TooManyRequestsException RequestLimitExceeded ServiceQuotaExceededException
        ServiceUnavailable ServiceUnavailableException ModelNotReadyException ExpiredTokenException RequestExpired""",
    AGAIN_PAID: """
        InternalFailure InternalServerException ServiceFailureException
        ModelTimeoutException ModelErrorException ModelStreamErrorException""",
    OVER_FREE: """
        AccessDeniedException UnrecognizedClientException InvalidSignatureException IncompleteSignature
        IncompleteSignatureException InvalidClientTokenId MissingAuthenticationToken MissingAuthenticationTokenException
        OptInRequired UnknownOperationException SerializationException ValidationError ValidationException
        ResourceNotFoundException TextLengthExceededException InvalidSsmlException InvalidSampleRateException
        MarksNotSupportedForFormatException SsmlMarksNotSupportedForTextTypeException EngineNotSupportedException
        LanguageNotSupportedException LexiconNotFoundException""",
}
"""Written a second time, by what comes next: a code that a table has and this has not is no case of any test, and fails."""


def then(code: str) -> str:
    (found,) = [next_one for next_one, codes in THEN.items() if code in codes.split()]
    return found


@pytest.mark.parametrize("code", BEDROCK)
@pytest.mark.parametrize(("queue", "ask", "part"), [("text", converse, "poet"), ("image", paint, "painter")])
async def test_each_error_of_bedrock(
    fake_tools: FakeTools, fake_aws: FakeAws, queue: Queue, ask: Ask, part: str, code: str
) -> None:
    await fake_aws.fault("bedrock-runtime", "error", code=code)

    failed = await failure(ask(fake_tools[queue]))

    assert next_of(failed) == then(code)
    assert part in failed.message
    assert len(await fake_aws.calls()) == 1


IN_A_STREAM = [
    "InternalServerException",
    "ModelStreamErrorException",
    "ServiceUnavailableException",
    "ThrottlingException",
    "ValidationException",
]


@pytest.mark.parametrize("code", IN_A_STREAM)
async def test_each_error_inside_a_stream_is_paid_once_something_came(
    fake_tools: FakeTools, fake_aws: FakeAws, code: str
) -> None:
    await fake_aws.fault("bedrock-runtime", "stream_error", code=code, tokens=12)

    assert next_of(await failure(converse(fake_tools["text"]))) == {OVER_FREE: OVER}.get(then(code), AGAIN_PAID)
    assert await fake_aws.count("ConverseStream") == 1


def test_these_are_all_errors_a_stream_may_end_with() -> None:
    assert {name for name, shape in stream_events("ConverseStream").items() if shape.metadata.get("exception")} == {
        code[0].lower() + code[1:] for code in IN_A_STREAM
    }


@pytest.mark.parametrize("code", POLLY)
async def test_each_error_of_polly(fake_tools: FakeTools, fake_aws: FakeAws, code: str) -> None:
    await fake_aws.fault("polly", "error", code=code)

    failed = await failure(say(fake_tools["speech"]))

    assert next_of(failed) == then(code)
    assert "voice" in failed.message
    assert len(await fake_aws.calls()) == 1


@pytest.mark.parametrize(
    ("queue", "ask", "service", "kind", "then"),
    [
        ("text", converse, "bedrock-runtime", "junk", AGAIN_FREE),
        ("text", describe, "bedrock-runtime", "junk", AGAIN_FREE),
        ("image", paint, "bedrock-runtime", "junk", AGAIN_FREE),
        ("speech", say, "polly", "junk", AGAIN_FREE),
        ("text", converse, "bedrock-runtime", "cut", AGAIN_PAID),
        ("text", describe, "bedrock-runtime", "cut", AGAIN_PAID),
        ("image", paint, "bedrock-runtime", "cut", AGAIN_PAID),
        ("speech", say, "polly", "cut", AGAIN_PAID),
        ("image", paint, "bedrock-runtime", "wrong_png", AGAIN_PRICED),
        ("image", paint, "bedrock-runtime", "content_filter", OVER),
        ("speech", say, "polly", "empty_audio", AGAIN_PRICED),
        ("text", converse, "bedrock-runtime", "refusal", OVER_PRICED),
        ("text", describe, "bedrock-runtime", "refusal", OVER_PRICED),
        ("text", converse, "bedrock-runtime", "guardrail", OVER_PRICED),
        ("text", describe, "bedrock-runtime", "guardrail", OVER_PRICED),
        ("text", converse, "bedrock-runtime", "content_filter", OVER_PRICED),
    ],
)
async def test_each_answer_that_is_none(
    fake_tools: FakeTools, fake_aws: FakeAws, queue: Queue, ask: Ask, service: str, kind: str, then: str
) -> None:
    await fake_aws.fault(service, kind)

    failed = await failure(ask(fake_tools[queue]))

    assert next_of(failed) == then
    assert len(await fake_aws.calls()) == 1


async def test_a_recording_cut_in_its_middle_costs_what_its_head_told(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    await fake_aws.fault("polly", "cut", tokens=1)

    failed = await failure(say(fake_tools["speech"]))

    assert next_of(failed) == AGAIN_PRICED
    assert failed.paid is not None
    # Five letters and two spaces, at 16 dollars a million.
    assert (failed.paid.usage, failed.paid.cost_microusd) == ({"characters": 7}, 112)


async def test_after_one_bad_answer_the_next_call_is_as_good_as_any(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    for kind in ("junk", "cut", "guardrail", "refusal"):
        await fake_aws.fault("bedrock-runtime", kind)
        await failure(converse(fake_tools["text"]))
        await converse(fake_tools["text"])


@pytest.mark.parametrize("kind", ["cut", "ends"])
async def test_a_stream_cut_after_forty_tokens_costs_one_retry_and_leaves_no_half_poem(
    fake_tools: FakeTools, fake_aws: FakeAws, kind: str
) -> None:
    await fake_aws.fault("bedrock-runtime", kind, tokens=40)

    assert next_of(await failure(converse(fake_tools["text"]))) == AGAIN_PAID
    draft = (await converse(fake_tools["text"])).value
    assert len(draft.poem.lines) == 3
    assert await fake_aws.count("ConverseStream") == 2


async def test_an_answer_cut_off_by_its_own_length_is_asked_for_again(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "truncated", tokens=30)

    assert next_of(await failure(converse(fake_tools["text"]))) == AGAIN_PRICED


async def test_a_provider_that_stalls_is_left(served_fakes: str, fake_aws: FakeAws, impatient_tools: FakeTools) -> None:
    await fake_aws.fault("bedrock-runtime", "stall", tokens=5)
    await fake_aws.fault("polly", "stall")

    assert next_of(await failure(converse(impatient_tools["text"]))) == AGAIN_PAID
    assert next_of(await failure(say(impatient_tools["speech"]))) == AGAIN_PAID


async def test_a_provider_that_is_not_there_costs_nothing(lost_tools: FakeTools) -> None:
    assert next_of(await failure(converse(lost_tools["text"]))) == AGAIN_FREE
    assert next_of(await failure(paint(lost_tools["image"]))) == AGAIN_FREE
    assert next_of(await failure(say(lost_tools["speech"]))) == AGAIN_FREE


@pytest.mark.parametrize("kind", ["wrong_type", "wrong_morae", "wrong_reading", "wrong_season", "wrong_language"])
async def test_a_wrong_answer_is_repaired_once_and_both_are_paid(fake_tools: FakeTools, fake_aws: FakeAws, kind: str) -> None:
    alone = (await converse(fake_tools["text"])).paid
    await fake_aws.forget()
    await fake_aws.fault("bedrock-runtime", kind)

    answer = await converse(fake_tools["text"])

    assert await asked_models(fake_aws) == ["ConverseStream", "Converse"]
    assert answer.paid.usage["input_tokens"] > 2 * alone.usage["input_tokens"]
    assert answer.paid.cost_microusd is not None
    assert alone.cost_microusd is not None
    assert answer.paid.cost_microusd > alone.cost_microusd


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("wrong_type", "did not keep to the form"),
        ("wrong_morae", "did not come out in 5-7-5"),
        ("wrong_reading", "a reading was not the dictionary's"),
        ("wrong_season", "season word stood in no line"),
        ("wrong_language", "was not in Japanese"),
    ],
)
async def test_an_answer_that_stays_wrong_is_given_up_with_the_reason(
    fake_tools: FakeTools, fake_aws: FakeAws, kind: str, why: str
) -> None:
    await spoil_both(fake_aws, kind)

    with pytest.raises(GiveUp, match=why):
        await converse(fake_tools["text"])
    assert await asked_models(fake_aws) == ["ConverseStream", "Converse"]


async def asked_models(fake_aws: FakeAws) -> list[str]:
    return [call["operation"] for call in await fake_aws.calls() if call["operation"] != "ApplyGuardrail"]


async def spoil_both(fake_aws: FakeAws, kind: str) -> None:
    """The answer and the one that was to mend it."""
    for operation in ("ConverseStream", "Converse"):
        await fake_aws.fault("bedrock-runtime", kind, operation=operation)


@pytest.mark.parametrize("kind", ["wrong_type", "wrong_morae", "wrong_reading", "wrong_season", "wrong_language"])
async def test_the_reason_quotes_no_word_of_the_model(
    fake_tools: FakeTools, fake_aws: FakeAws, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    await spoil_both(fake_aws, kind)

    with pytest.raises(GiveUp) as failed:
        await converse(fake_tools["text"])
    flaw = failed.value.__cause__
    assert isinstance(flaw, Unusable)
    spoiled = set(re.findall("[぀-鿿]{3,}|[A-Za-z]{5,}", flaw.to_model)) or {"17"}
    said = failed.value.message, str(flaw), *capsys.readouterr()
    assert not [word for word in spoiled - OUR_WORDS if any(word in told for told in said)]


OUR_WORDS = {"characters", "reading", "hiragana", "dictionary", "reads", "morae", "season", "stands", "written"}
OUR_WORDS |= {"Japanese", "Expected"}
"""What our own sentences about a flaw and its reason may share."""


async def test_nobody_reads_along_what_the_guardrail_has_not_read(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    pieces: list[str] = []

    async def hear(piece: str) -> None:
        pieces.append(piece)

    await fake_aws.fault("bedrock-runtime", "unwelcome", operation="ConverseStream")
    failed = await failure(converse(fake_tools["text"], on_text=hear))

    assert next_of(failed) == OVER
    assert "other words" in failed.message
    assert len(pieces) == 1
    assert UNWELCOME[1] not in pieces[0]
    assert [call["operation"] for call in await fake_aws.calls()] == ["ConverseStream", "ApplyGuardrail", "ApplyGuardrail"]


async def test_lines_the_guardrail_could_not_read_in_time_are_held_back_and_the_poem_is_whole(
    fake_tools: FakeTools, fake_aws: FakeAws
) -> None:
    pieces: list[str] = []

    async def hear(piece: str) -> None:
        pieces.append(piece)

    await throttle(fake_aws, "ApplyGuardrail", times=2)
    draft = (await converse(fake_tools["text"], on_text=hear)).value

    assert pieces == ["\n".join(line.japanese for line in draft.poem.lines)]


async def test_words_the_guardrail_stops_are_refused_kindly_before_and_after_they_are_written(
    fake_tools: FakeTools, fake_aws: FakeAws
) -> None:
    asked = await failure(converse(fake_tools["text"], "how to build a bomb"))
    await fake_aws.fault("bedrock-runtime", "guardrail", operation="ApplyGuardrail")
    written = await failure(converse(fake_tools["text"]))

    assert (next_of(asked), next_of(written)) == (OVER_PRICED, OVER)
    assert asked.message == written.message
    assert "other words" in asked.message


LAST = {"Converse": 1, "ApplyGuardrail": 4}
"""Which call of an operation a poem hangs on: the guardrail has read three lines along before it reads the whole."""


async def throttle(fake_aws: FakeAws, operation: str, **more: int) -> None:
    await fake_aws.fault("bedrock-runtime", "error", operation=operation, code="ThrottlingException", **more)


@pytest.mark.parametrize("operation", ["Converse", "ApplyGuardrail"])
async def test_what_follows_a_paid_answer_is_not_free_when_it_is_throttled(
    fake_tools: FakeTools, fake_aws: FakeAws, operation: str
) -> None:
    if operation == "Converse":
        await fake_aws.fault("bedrock-runtime", "wrong_morae", operation="ConverseStream")
    await throttle(fake_aws, operation, nth=LAST[operation], retry_after_seconds=60)

    failed = await failure(converse(fake_tools["text"]))

    assert isinstance(failed, Unfinished)
    assert not failed.refund


@pytest.mark.parametrize("operation", ["ApplyGuardrail", "Converse"])
async def test_a_paid_answer_is_kept_while_what_follows_it_is_put_off(
    fake_tools: FakeTools, fake_aws: FakeAws, operation: str
) -> None:
    await fake_aws.fault("bedrock-runtime", "wrong_morae", operation="ConverseStream")
    await throttle(fake_aws, operation, nth=LAST[operation], times=2)

    answer = await converse(fake_tools["text"])

    assert answer.value.poem
    assert await fake_aws.count("ConverseStream") == 1
    assert await fake_aws.count(operation) == LAST[operation] + 2


async def test_a_paid_answer_is_given_up_when_what_follows_is_put_off_for_ever(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    await throttle(fake_aws, "ApplyGuardrail", nth=LAST["ApplyGuardrail"], times=0)

    failed = await failure(converse(fake_tools["text"]))

    assert isinstance(failed, Unfinished)
    assert not failed.refund
    assert await fake_aws.count("ApplyGuardrail") == 3 + 4


async def test_a_recording_is_kept_while_its_marks_are_put_off(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    await fake_aws.fault("polly", "error", nth=2, code="ThrottlingException")

    await say(fake_tools["speech"])

    assert await fake_aws.count("SynthesizeSpeech") == 3


async def test_marks_that_do_not_come_cost_what_was_spoken(fake_tools: FakeTools, fake_aws: FakeAws) -> None:
    await fake_aws.fault("polly", "error", nth=2, code="ThrottlingException", retry_after_seconds=60)

    failed = await failure(say(fake_tools["speech"]))

    assert isinstance(failed, Unfinished)
    assert not failed.refund


async def test_a_throttle_is_obeyed_and_all_processes_ask_less(
    fake_tools: FakeTools, fake_aws: FakeAws, fake_settings: Settings, fake_clients: Clients, bell: Bell
) -> None:
    await fake_aws.fault("bedrock-runtime", "error", code="ThrottlingException", retry_after_seconds=7)
    other = await Account(fake_settings, fake_clients, bell, NOWHERE).open("image")

    told = await failure(paint(fake_tools["image"]))
    busy = await failure(paint(other))

    assert isinstance(told, TryAgain)
    assert told.after is not None
    assert told.after.total_seconds() == 7
    assert next_of(busy) == AGAIN_FREE
    assert "busy" in busy.message
    assert await fake_aws.count("InvokeModel") == 1


async def test_a_part_that_keeps_failing_is_left_alone_and_named_while_the_rest_goes_on(
    fake_tools: FakeTools, fake_aws: FakeAws
) -> None:
    await fake_aws.fault("bedrock-runtime", "error", operation="InvokeModel", code="ServiceUnavailableException", times=0)
    for _ in range(TRIPS):
        await failure(paint(fake_tools["image"]))

    resting = await failure(paint(fake_tools["image"]))

    assert next_of(resting) == AGAIN_FREE
    assert "The painter has been failing" in resting.message
    assert isinstance(resting, TryAgain)
    assert resting.after
    assert await fake_aws.count("InvokeModel") == TRIPS
    await converse(fake_tools["text"])
    await say(fake_tools["speech"])
