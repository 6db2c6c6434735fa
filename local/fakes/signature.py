"""Signature Version 4, computed once more with the key we know: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""

import hmac
import re
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.fakes.complaint import Complaint
from local.fakes.credentials import ACCESS_KEY, SECRET_KEY
from local.fakes.exchange import Request

SKEW = timedelta(minutes=5)

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<headers>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)
_ALWAYS_SIGNED = {"host", "x-amz-date"}


def check_signature(request: Request, service: str, now: datetime | None = None) -> None:
    """`service` as it is named in credential scopes. Raises Complaint as the service itself does, with a 403."""
    given = request.headers.get("authorization")
    if given is None:
        raise Complaint("MissingAuthenticationTokenException", "Missing Authentication Token")
    parts = _AUTHORIZATION.fullmatch(given)
    if parts is None:
        raise Complaint("IncompleteSignatureException", "The Authorization header is not that of a signed request.")
    if parts["key"] != ACCESS_KEY:
        raise Complaint("UnrecognizedClientException", "The security token included in the request is invalid.")
    if parts["service"] != service:
        raise Complaint("InvalidSignatureException", f"Credential should be scoped to correct service: '{service}'.")
    _check_time(request.headers.get("x-amz-date", ""), parts["day"], now or datetime.now(UTC))
    signed = parts["headers"].split(";")
    if not _ALWAYS_SIGNED.issubset(signed):
        raise Complaint("InvalidSignatureException", "'Host' and 'X-Amz-Date' must be signed headers.")
    expected = _sign(request, signed, service, parts["region"])
    if not hmac.compare_digest(expected, parts["signature"]):
        raise Complaint(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method.",
        )


def _check_time(given: str, day: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(given, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Complaint("IncompleteSignatureException", "Date must be in ISO-8601 'basic format'.") from error
    if given[:8] != day:
        raise Complaint("InvalidSignatureException", "Date in Credential scope does not match the date of the request.")
    if abs(now - signed_at) > SKEW:
        raise Complaint("InvalidSignatureException", f"Signature not in time: it was made at {given}.")


def _sign(request: Request, signed: list[str], service: str, region: str) -> str:
    auth = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), service, region)
    again = AWSRequest(
        method=request.method,
        url=f"http://{request.headers['host']}{request.path}{f'?{request.query}' if request.query else ''}",
        headers={name: request.headers.get(name, "") for name in signed},
        data=request.body,
    )
    again.context["timestamp"] = request.headers["x-amz-date"]
    signature: str = auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
    return signature
