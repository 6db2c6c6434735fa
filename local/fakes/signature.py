"""Signature Version 4, computed once more with the key we know: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""

import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.fakes.complaint import Complaint
from local.fakes.credentials import KNOWN, Keys
from local.fakes.exchange import Request

SKEW = timedelta(minutes=5)

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<headers>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)
_NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method."
)


def check_signature(request: Request, service: str, region: str, now: datetime | None = None) -> None:
    """`service` as it is named in credential scopes, and the region it stands in. Raises Complaint as the service itself does."""
    parts = _read_authorization(request.headers.get("authorization"))
    signed = parts["headers"].split(";")
    keys = _keys_of(parts["key"], request.headers.get("x-amz-security-token"))
    _check_scope(parts, service, region)
    _check_time(request.headers.get("x-amz-date", ""), parts["day"], now or datetime.now(UTC))
    _check_signed(signed, keys)
    if not hmac.compare_digest(_sign(request, signed, keys, service, region), parts["signature"]):
        raise Complaint("InvalidSignatureException", _NO_MATCH)


def _read_authorization(given: str | None) -> re.Match[str]:
    if given is None:
        raise Complaint("MissingAuthenticationTokenException", "Missing Authentication Token")
    parts = _AUTHORIZATION.fullmatch(given)
    if parts is None:
        raise Complaint("IncompleteSignatureException", "The Authorization header is not that of a signed request.")
    return parts


def _keys_of(access: str, token: str | None) -> Keys:
    """Keys that were lent are nothing without the token that came with them."""
    keys = KNOWN.get(access)
    if keys is None or keys.token != token:
        raise Complaint("UnrecognizedClientException", "The security token included in the request is invalid.")
    return keys


def _check_scope(parts: re.Match[str], service: str, region: str) -> None:
    if parts["service"] != service:
        raise Complaint("InvalidSignatureException", f"Credential should be scoped to correct service: '{service}'.")
    if parts["region"] != region:
        raise Complaint("InvalidSignatureException", "Credential should be scoped to a valid region.")


def _check_signed(signed: Sequence[str], keys: Keys) -> None:
    must = {"host", "x-amz-date"} | ({"x-amz-security-token"} if keys.token else set())
    if not must.issubset(signed):
        raise Complaint("InvalidSignatureException", f"{', '.join(sorted(must))} must be signed headers.")


def _check_time(given: str, day: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(given, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Complaint("IncompleteSignatureException", "Date must be in ISO-8601 'basic format'.") from error
    if given[:8] != day:
        raise Complaint("InvalidSignatureException", "Date in Credential scope does not match the date of the request.")
    if abs(now - signed_at) > SKEW:
        raise Complaint("InvalidSignatureException", f"Signature not in time: it was made at {given}.")


def _sign(request: Request, signed: Sequence[str], keys: Keys, service: str, region: str) -> str:
    # Without the token: it is one of the headers that came, and would be added a second time.
    auth = SigV4Auth(Credentials(keys.access, keys.secret), service, region)
    again = AWSRequest(
        method=request.method,
        url=f"http://{request.headers['host']}{request.path}{f'?{request.query}' if request.query else ''}",
        headers={name: request.headers.get(name, "") for name in signed},
        data=request.body,
    )
    again.context["timestamp"] = request.headers["x-amz-date"]
    signature: str = auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
    return signature
