"""The tables name every error that the vendors declare, and say for each what the job does next."""

from typing import Any, cast

import aiohttp
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoAuthTokenError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.session import get_session

from core.errors import GiveUp, TryAgain, Unfinished
from workers.providers.aws.failures import BEDROCK, POLLY, Failure, Verdict, outcome, read_failure

OPERATIONS = [
    ("bedrock-runtime", "Converse", BEDROCK),
    ("bedrock-runtime", "ConverseStream", BEDROCK),
    ("bedrock-runtime", "InvokeModel", BEDROCK),
    ("bedrock-runtime", "ApplyGuardrail", BEDROCK),
    ("polly", "SynthesizeSpeech", POLLY),
]


def failed(code: str, status: int = 400, **headers: str) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {name.replace("_", "-"): value for name, value in headers.items()}}
    return ClientError({"Error": {"Code": code, "Message": "秘密"}, "ResponseMetadata": metadata}, "Converse")  # type: ignore[typeddict-item]  # what came over the wire, not all a response has


@pytest.mark.parametrize(("service", "operation", "table"), OPERATIONS)
def test_every_error_an_operation_declares_is_in_the_table(service: str, operation: str, table: dict[str, str]) -> None:
    model = get_session().get_service_model(service)

    assert {shape.name for shape in model.operation_model(operation).error_shapes} - set(table) == set()


def test_every_error_inside_an_event_stream_is_in_the_table() -> None:
    stream = get_session().get_service_model("bedrock-runtime").shape_for("ConverseStreamOutput")
    errors = {member.name for member in stream.members.values() if member.metadata.get("exception")}  # type: ignore[attr-defined]

    assert len(errors) >= 5
    assert errors - set(BEDROCK) == set()


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("throttlingException", 200, "throttled"),
        ("SomethingNew", 429, "throttled"),
        ("SomethingNew", 503, "away"),
        ("SomethingNew", 504, "broken"),
        ("SomethingNew", 408, "broken"),
        ("502", 502, "away"),
        ("SomethingNew", 500, "broken"),
        ("SomethingNew", 418, "unfit"),
    ],
)
def test_what_no_table_knows_goes_by_its_status_and_streams_spell_small(code: str, status: int, verdict: str) -> None:
    assert read_failure(failed(code, status), BEDROCK).verdict == verdict


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), ("9" * 400, 86_400.0), ("Wed, 21 Oct 2015 07:28:00 GMT", None), ("-3", None), ("", None)]
)
def test_the_wait_a_vendor_asks_for_is_heard(told: str, seconds: float | None) -> None:
    failure = read_failure(failed("ThrottlingException", 429, retry_after=told), BEDROCK)

    assert failure.after_seconds == seconds
    assert isinstance(outcome("poet", failure), TryAgain)


def test_a_verdict_says_what_the_job_does_next_and_who_pays() -> None:
    slow, away, broken = (outcome("painter", Failure(verdict, 3)) for verdict in ("throttled", "away", "broken"))
    over = [outcome("painter", Failure(verdict)) for verdict in ("refused", "unfit", "misconfigured")]

    for free in (slow, away):
        assert isinstance(free, TryAgain)
        assert free.refund
        assert free.is_free
        assert free.after is not None
    assert isinstance(broken, Unfinished)
    assert not broken.refund
    assert not broken.is_free
    assert [(type(error), error.is_free) for error in over] == [(GiveUp, True)] * 3
    assert all("painter" in error.message for error in (slow, away, broken, *over))


@pytest.mark.parametrize(
    ("cause", "verdict"),
    [
        (aiohttp.ServerDisconnectedError(), "broken"),
        (aiohttp.ClientOSError(104, "reset by peer"), "broken"),
        (aiohttp.ClientConnectorError(cast("Any", None), OSError("refused")), "away"),
    ],
)
def test_a_connection_that_broke_is_no_connection_that_never_was(cause: Exception, verdict: Verdict) -> None:
    """A reset may come after the request: then it may have been paid for."""
    error = EndpointConnectionError(endpoint_url="https://bedrock.test", error=cause)

    assert read_failure(error, {}).verdict == verdict


def test_who_never_got_through_was_not_heard() -> None:
    cause = aiohttp.ConnectionTimeoutError("connection timeout")
    error = ConnectTimeoutError(endpoint_url="https://bedrock.test", error=cause)

    assert read_failure(error, {}).verdict == "away"


@pytest.mark.parametrize(
    "error", [NoCredentialsError(), PartialCredentialsError(provider="env", cred_var="secret"), NoAuthTokenError()]
)
def test_who_has_no_keys_will_have_none_before_a_person_mends_it(error: Exception) -> None:
    failure = read_failure(error, {})

    assert failure.verdict == "misconfigured"
    assert outcome("poet", failure).is_free


def test_what_botocore_does_not_send_is_a_fault_of_ours_and_free() -> None:
    failure = read_failure(ParamValidationError(report="Invalid length for parameter modelId"), {})

    assert failure.verdict == "unfit"
    assert outcome("poet", failure).is_free
