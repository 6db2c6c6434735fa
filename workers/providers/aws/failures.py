"""What every error of Amazon's means for the job that met it: one table a vendor, from code to verdict."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import aiohttp
from botocore import exceptions as aws
from botocore.eventstream import ParserError as BrokenFrame
from botocore.parsers import ResponseParserError
from msgspec import Struct

from core.contracts.job import Paid
from core.errors import GiveUp, JobFailed, TryAgain, Unfinished
from core.keyless import KEYLESS

Part = Literal["poet", "painter", "voice"]
Verdict = Literal["throttled", "away", "broken", "refused", "unfit", "misconfigured"]
"""throttled: too much at once; wait, and ask less.
away: not there and not paid for; wait, free of charge.
broken: something went wrong over there, maybe after it was paid for; an attempt is used up.
refused: this ask cannot be answered, however often.
unfit: what was sent breaks a rule of the vendor's that ours should have kept; asking again is of no use.
misconfigured: permission, name or credentials; a person has to mend it.
These last three were answered before anything was done, so nothing is taken for them.
"""

EVERYWHERE: Mapping[str, Verdict] = {
    "ThrottlingException": "throttled",
    "Throttling": "throttled",
    "TooManyRequestsException": "throttled",
    "RequestLimitExceeded": "throttled",
    "ServiceUnavailable": "away",
    "ServiceUnavailableException": "away",
    "InternalFailure": "broken",
    "InternalServerException": "broken",
    "AccessDeniedException": "misconfigured",
    "UnrecognizedClientException": "misconfigured",
    "InvalidSignatureException": "misconfigured",
    "IncompleteSignature": "misconfigured",
    "IncompleteSignatureException": "misconfigured",
    "InvalidClientTokenId": "misconfigured",
    "MissingAuthenticationToken": "misconfigured",
    "MissingAuthenticationTokenException": "misconfigured",
    "OptInRequired": "misconfigured",
    "UnknownOperationException": "misconfigured",
    "ExpiredTokenException": "away",
    "RequestExpired": "away",
    "SerializationException": "unfit",
    "ValidationError": "unfit",
    "ValidationException": "unfit",
}
"""Amazon's common errors: docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html and Polly's page of the same name."""

BEDROCK: Mapping[str, Verdict] = {
    **EVERYWHERE,
    "ServiceQuotaExceededException": "throttled",
    "ModelNotReadyException": "away",
    "ModelTimeoutException": "broken",
    "ModelErrorException": "broken",
    "ModelStreamErrorException": "broken",
    "ResourceNotFoundException": "misconfigured",
}
"""The errors that bedrock-runtime's operations declare, those inside event streams included."""

POLLY: Mapping[str, Verdict] = {
    **EVERYWHERE,
    "ServiceFailureException": "broken",
    "TextLengthExceededException": "refused",
    "InvalidSsmlException": "unfit",
    "InvalidSampleRateException": "unfit",
    "MarksNotSupportedForFormatException": "unfit",
    "SsmlMarksNotSupportedForTextTypeException": "unfit",
    "EngineNotSupportedException": "misconfigured",
    "LanguageNotSupportedException": "misconfigured",
    "LexiconNotFoundException": "misconfigured",
}
"""The errors that Polly's SynthesizeSpeech declares."""

UNREACHED = (
    aws.EndpointConnectionError,
    aws.ConnectTimeoutError,
    aws.ProxyConnectionError,
    aws.SSLError,
    aws.CredentialRetrievalError,
)
"""Nobody over there heard of the call, unless the connection was there and broke."""

UNSENT = (*KEYLESS, aws.ParamValidationError)
"""Nothing left this machine: there was nothing to sign it with, or botocore refused it, which is a bug of ours."""


class BrokenOff(Exception):
    """What came is no answer, or not all of one."""


class Useless(Unfinished):
    """An answer that told what it took, and cannot be used: that is on the bill, and is all it costs."""


CUT = (
    BrokenOff,
    aws.HTTPClientError,
    aws.IncompleteReadError,
    aws.ResponseStreamingError,
    ResponseParserError,
    BrokenFrame,
    aiohttp.ClientError,
    asyncio.TimeoutError,
)
"""The answer did not come, came in part, or came as something else. aiobotocore lets aiohttp's errors through inside a stream."""

VENDOR_ERRORS = (aws.ClientError, *UNREACHED, *UNSENT, *CUT)
"""What a call may raise."""

LONGEST_WAIT_SECONDS = 86_400.0
"""Of what a vendor may ask for: no job lives as long, and no number of theirs is too large for a date."""

_RESTS = "Everything else goes on."


class Failure(Struct, frozen=True):
    """A vendor's error as this house reads it. `after_seconds` is what the vendor asked for, if it did."""

    verdict: Verdict
    after_seconds: float | None = None


def read_failure(error: Exception, table: Mapping[str, Verdict]) -> Failure:
    if isinstance(error, KEYLESS):
        return Failure("misconfigured")
    if isinstance(error, UNSENT):
        return Failure("unfit")
    # First, for botocore's connection errors are all HTTPClientErrors too.
    if isinstance(error, UNREACHED):
        return Failure("broken" if _was_connected(error) else "away")
    if isinstance(error, aws.ClientError):
        return Failure(_verdict(error.response, table), _after_seconds(error.response))
    return Failure("broken")


def _was_connected(error: Exception) -> bool:
    """aiobotocore calls every trouble of a connection an EndpointConnectionError, also a reset after the request was sent."""
    cause = error.kwargs.get("error") if isinstance(error, aws.EndpointConnectionError) else None
    return isinstance(cause, aiohttp.ClientError) and not isinstance(cause, aiohttp.ClientConnectorError)


def outcome(part: Part, failure: Failure) -> JobFailed:
    """What is raised for it. The words are for learners."""
    after = None if failure.after_seconds is None else timedelta(seconds=failure.after_seconds)
    match failure.verdict:
        case "throttled":
            return TryAgain(
                f"The {part} is asked for more than it can do at the moment, and goes on shortly.", after, refund=True
            )
        case "away":
            return TryAgain(f"The {part} is away for the moment. {_RESTS}", after, refund=True)
        case "broken":
            return Unfinished(f"The {part} broke off before it had finished.", after)
        case "refused":
            return _never(f"The {part} does not take this: it is too long.")
        case "unfit":
            return _never(f"The {part} could not read what it was sent. That is a fault of ours, and was written down.")
        case "misconfigured":
            return _never(f"The {part} is not set up as it should be. That is a fault of ours, and was written down.")


def _never(message: str) -> GiveUp:
    return GiveUp(message, is_free=True)


def charged(failed: JobFailed, paid: Paid | None = None) -> JobFailed:
    """The same failure after something was made: it is not free, and costs an attempt whatever the reason, or the answer would be
    bought again and again for as long as what follows it is put off. Without `paid` nobody knows how much it was."""
    if isinstance(failed, TryAgain):
        return Unfinished(failed.message, failed.after, paid=paid)
    return GiveUp(failed.message, paid=paid)


def declined(part: Part, *, is_free: bool = False) -> GiveUp:
    """It was asked for something it will not do."""
    return GiveUp(f"The {part} would rather not take this up. Please try other words.", is_free=is_free)


def resting(part: Part, seconds: float) -> TryAgain:
    """While the circuit is open."""
    message = f"The {part} has been failing and is left alone for a moment. {_RESTS}"
    return TryAgain(message, timedelta(seconds=seconds), refund=True)


def _verdict(response: Mapping[str, Any], table: Mapping[str, Verdict]) -> Verdict:
    code = str(response.get("Error", {}).get("Code", ""))
    # Inside an event stream, names begin with a small letter.
    known = table.get(code[:1].upper() + code[1:])
    return known or _by_status(int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)))


def _by_status(status: int) -> Verdict:
    """For a code that no table knows."""
    match status:
        case 429:
            return "throttled"
        case 502 | 503:
            return "away"
        case 408:
            # As 504 below: somebody waited for an answer, which may be under way and paid for.
            return "broken"
    return "unfit" if 400 <= status < 500 else "broken"


def _after_seconds(response: Mapping[str, Any]) -> float | None:
    """Retry-After in seconds (RFC 9110, 10.2.3). A date is left to our own back-off: it needs both clocks to agree."""
    told = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after", "")
    return min(float(told), LONGEST_WAIT_SECONDS) if told.isdecimal() else None
