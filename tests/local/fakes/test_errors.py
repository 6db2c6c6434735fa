"""How the fakes refuse and fail: codes, statuses and envelopes as Amazon's services have them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from local.fakes.credentials import IMAGE_REGION, LENT, REGION
from tests.fakes import FakeAws, Json, amazon_client
from tests.local.fakes.asks import PAINTER, WRITER, poem_ask, user
from tests.until import until

SPEECH = {"Engine": "neural", "VoiceId": "Kazuha", "OutputFormat": "mp3", "Text": "あきのあめ"}


async def refused(call: Any) -> tuple[str, int]:
    """The code and the status of an error that was answered."""
    with pytest.raises(ClientError) as caught:
        await call
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"aws_secret_access_key": "another"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "AKIASOMEBODYELSE"}, "UnrecognizedClientException"),
    ],
)
@pytest.mark.parametrize("service", ["bedrock-runtime", "polly"])
async def test_other_keys_than_the_known_ones_open_nothing(fake_aws: FakeAws, service: str, keys: Json, code: str) -> None:
    async with amazon_client(service, fake_aws.endpoint, **keys) as client:
        call = client.converse(**poem_ask()) if service == "bedrock-runtime" else client.synthesize_speech(**SPEECH)

        assert await refused(call) == (code, 403)


LENT_KEYS = {"aws_access_key_id": LENT.access, "aws_secret_access_key": LENT.secret}


async def test_keys_that_were_lent_open_with_their_token(fake_aws: FakeAws) -> None:
    async with amazon_client("polly", fake_aws.endpoint, **LENT_KEYS, aws_session_token=LENT.token) as client:
        assert (await client.describe_voices(LanguageCode="ja-JP"))["Voices"]


@pytest.mark.parametrize(
    "keys", [LENT_KEYS, LENT_KEYS | {"aws_session_token": "another"}, {"aws_session_token": LENT.token}], ids=str
)
async def test_a_token_that_is_missing_wrong_or_too_much_opens_nothing(fake_aws: FakeAws, keys: Json) -> None:
    async with amazon_client("polly", fake_aws.endpoint, **keys) as client:
        assert await refused(client.synthesize_speech(**SPEECH)) == ("UnrecognizedClientException", 403)


async def test_a_token_that_was_not_signed_opens_nothing(fake_aws: FakeAws) -> None:
    async with amazon_client("polly", fake_aws.endpoint, **LENT_KEYS) as client:
        client.meta.events.register("before-send.polly.*", lambda request, **_: add_token(request))

        assert await refused(client.synthesize_speech(**SPEECH)) == ("InvalidSignatureException", 403)


def add_token(request: Any) -> None:
    request.headers["X-Amz-Security-Token"] = LENT.token


async def test_a_session_that_is_over_is_told_by_the_script(fake_aws: FakeAws) -> None:
    await fake_aws.fault("polly", "error", code="ExpiredTokenException")
    async with amazon_client("polly", fake_aws.endpoint, **LENT_KEYS, aws_session_token=LENT.token) as client:
        assert await refused(client.synthesize_speech(**SPEECH)) == ("ExpiredTokenException", 403)


@pytest.mark.parametrize("operation", ["Converse", "ConverseStream", "ApplyGuardrail", "InvokeModel", "SynthesizeSpeech"])
async def test_a_client_in_another_region_is_turned_away(fake_aws: FakeAws, operation: str) -> None:
    """What paints stands where nothing else does."""
    service = "polly" if operation == "SynthesizeSpeech" else "bedrock-runtime"
    elsewhere = {REGION, IMAGE_REGION, "eu-west-1"} - {IMAGE_REGION if operation == "InvokeModel" else REGION}
    for region in elsewhere:
        async with amazon_client(service, fake_aws.endpoint, region_name=region) as client:
            assert await refused(ASKS[operation](client)) == ("InvalidSignatureException", 403)


ASKS: dict[str, Callable[[Any], Any]] = {
    "Converse": lambda client: client.converse(**poem_ask()),
    "ConverseStream": lambda client: client.converse_stream(**poem_ask()),
    "ApplyGuardrail": lambda client: client.apply_guardrail(
        guardrailIdentifier="abcdef123456", guardrailVersion="1", source="OUTPUT", content=[{"text": {"text": "hello"}}]
    ),
    "InvokeModel": lambda client: client.invoke_model(modelId=PAINTER, body=b'{"prompt": "a crow"}'),
    "SynthesizeSpeech": lambda client: client.synthesize_speech(**SPEECH),
}


async def test_more_than_amazon_takes_is_not_read(fake_aws: FakeAws) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1_000_000)

    async with httpx.AsyncClient(base_url=fake_aws.endpoint, trust_env=False) as flood:
        with pytest.raises((httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError)):
            await flood.post(f"/model/{WRITER}/converse", content=endless())
    assert (await refusing_nobody(fake_aws)).status_code == 200


async def refusing_nobody(fake_aws: FakeAws) -> httpx.Response:
    async with httpx.AsyncClient(base_url=fake_aws.endpoint, trust_env=False) as browser:
        return await browser.get("/health")


async def test_a_signature_covers_the_body_and_the_path(fake_aws: FakeAws) -> None:
    headers: dict[str, bytes | str] = {}

    def note(request: Any, **_: Any) -> None:
        headers.update(request.headers.items())

    async with amazon_client("bedrock-runtime", fake_aws.endpoint) as client:
        client.meta.events.register("before-send.bedrock-runtime.Converse", note)
        await client.converse(modelId=WRITER, messages=[user("hello")])
    signed = {name: bytes(value).decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()}
    body = b'{"messages": [{"role": "user", "content": [{"text": "hello"}]}]}'
    path = f"/model/{WRITER.replace(':', '%3A')}/converse"
    async with httpx.AsyncClient(base_url=fake_aws.endpoint, trust_env=False) as thief:
        unsigned = await thief.post(path, content=body)
        thief.headers.update(signed)
        same = await thief.post(path, content=body)
        other_body = await thief.post(path, content=body.replace(b"hello", b"howdy"))
        other_path = await thief.post(f"{path}-stream", content=body)

    assert same.status_code == 200
    assert (other_body.status_code, other_path.status_code) == (403, 403)
    assert other_body.headers["x-amzn-errortype"].startswith("InvalidSignatureException:")
    assert (unsigned.status_code, unsigned.json()) == (403, {"message": "Missing Authentication Token"})


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 429),
        ("ModelNotReadyException", 429),
        ("ModelTimeoutException", 408),
        ("ModelErrorException", 424),
        ("ServiceUnavailableException", 503),
        ("InternalServerException", 500),
        ("AccessDeniedException", 403),
        ("ResourceNotFoundException", 404),
    ],
)
async def test_bedrock_fails_with_the_statuses_of_its_model(bedrock: Any, fake_aws: FakeAws, code: str, status: int) -> None:
    await fake_aws.fault("bedrock-runtime", "error", code=code, operation="ConverseStream")

    assert await refused(bedrock.converse_stream(**poem_ask())) == (code, status)
    assert await fake_aws.calls() == [
        {"service": "bedrock-runtime", "operation": "ConverseStream", "model": WRITER, "outcome": code}
    ]


async def test_polly_throttles_with_400_and_fails_with_500(polly: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("polly", "error", code="ThrottlingException", retry_after_seconds=3)
    await fake_aws.fault("polly", "error", code="ServiceFailureException", nth=2)
    with pytest.raises(ClientError) as caught:
        await polly.synthesize_speech(**SPEECH)

    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert caught.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "3"
    assert await refused(polly.synthesize_speech(**SPEECH)) == ("ServiceFailureException", 500)


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": [user("hello")], "inferenceConfig": {"temperature": 7.5}},
        {"messages": [{"role": "poet", "content": [{"text": "hello"}]}]},
        {"messages": [user("hello"), user("again")]},
        {"messages": [user(" ")]},
        {"messages": [user("hello")], "modelId": "no-model"},
        {"messages": [user("hello")], "surprise": 1},
        {"messages": [{"role": "user", "content": [{"text": "hello", "image": {}}]}]},
    ],
)
async def test_what_the_model_of_the_service_does_not_allow_is_refused(fake_aws: FakeAws, wrong: Json) -> None:
    """Sent by a client that validates nothing itself."""
    async with amazon_client("bedrock-runtime", fake_aws.endpoint, config=Config(parameter_validation=False)) as client:
        client.meta.events.register("before-call.bedrock-runtime.Converse", lambda params, **_: _add_unknown(params, wrong))

        assert await refused(client.converse(**{"modelId": WRITER, **_known(wrong)})) == ("ValidationException", 400)


def _known(asked: Json) -> Json:
    return {name: value for name, value in asked.items() if name != "surprise"}


def _add_unknown(params: Json, asked: Json) -> None:
    """The serializer of the client drops what the model of the service does not name."""
    if "surprise" in asked:
        params["body"] = params["body"].replace(b"{", b'{"surprise": 1, ', 1)
    if "image" in asked["messages"][0]["content"][0]:
        params["body"] = params["body"].replace(b'"text"', b'"image": {"format": "png", "source": {}}, "text"', 1)


async def test_something_in_between_may_answer_or_hang_up(bedrock: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "junk")
    await fake_aws.fault("bedrock-runtime", "cut", nth=2)

    _, status = await refused(bedrock.converse(**poem_ask()))
    assert status == 502
    with pytest.raises(ConnectionClosedError):
        await bedrock.converse(**poem_ask())


async def test_whoever_waits_no_longer_is_let_go(bedrock: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "stall")
    waiting = asyncio.create_task(bedrock.converse(**poem_ask()))
    await until(lambda: _has_come(fake_aws))
    waiting.cancel()
    await asyncio.wait({waiting})

    assert (await bedrock.converse(**poem_ask()))["stopReason"] == "tool_use"


async def _has_come(fake_aws: FakeAws) -> bool:
    return bool(await fake_aws.calls())


@pytest.mark.parametrize(
    "fault",
    [
        {"service": "polly", "kind": "error", "code": "NoSuchException"},
        {"service": "polly", "kind": "error"},
        {"service": "polly", "kind": "cut", "operation": "Converse"},
        {"service": "s3", "kind": "cut"},
        {"service": "polly", "kind": "cut", "sometimes": True},
    ],
)
async def test_a_fault_that_could_never_happen_is_refused(fake_aws: FakeAws, fault: Json) -> None:
    async with httpx.AsyncClient(trust_env=False) as control:
        answer = await control.post(f"{fake_aws.endpoint}/faults", json=[fault])

    assert answer.status_code == 400


async def test_faults_come_at_their_calls_and_no_others(bedrock: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "refusal", nth=2, times=2)
    stops = [(await bedrock.converse(**poem_ask()))["stopReason"] for _ in range(4)]

    assert stops == ["tool_use", "end_turn", "end_turn", "tool_use"]
    assert [call["outcome"] for call in await fake_aws.calls()] == ["answered", "refusal", "refusal", "answered"]


async def test_the_list_of_calls_holds_no_words(bedrock: Any, fake_aws: FakeAws) -> None:
    await bedrock.converse(**poem_ask(user("<learner>xylophone</learner>")))
    async with httpx.AsyncClient(trust_env=False) as control:
        told = (await control.get(f"{fake_aws.endpoint}/calls")).text

    assert "xylophone" not in told
    assert '"bedrock-runtime.Converse":1' in told
