"""Whether a request was signed for S3 in the bucket's own region; moto asks only whether it is signed at all."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from local.fakes.credentials import KNOWN, REGION

_CREDENTIAL = re.compile(r"Credential=([^,\s]+)")


def refusal_of(environ: Mapping[str, Any]) -> bytes | None:
    """The body S3 answers with, as 400, to a signature of another region or service, or of keys nobody has; None for a good one
    and for what is signed elsewhere, as a form is in its policy."""
    header = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    query = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential")
    credential = header.group(1) if header else query[0] if query else None
    if credential is None or _is_good(credential):
        return None
    code = "AuthorizationHeaderMalformed" if header else "AuthorizationQueryParametersError"
    told = f"The credential is malformed; expecting a key that is known, '{REGION}' and 's3'"
    return f"<Error><Code>{code}</Code><Message>{told}</Message><Region>{REGION}</Region></Error>".encode()


def _is_good(credential: str) -> bool:
    access, _, scope = credential.partition("/")
    return access in KNOWN and scope.split("/")[1:] == [REGION, "s3", "aws4_request"]
