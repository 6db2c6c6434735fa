"""What every error of S3's means for whoever asked: one table, as every vendor has one, from code to verdict."""

from collections.abc import Mapping
from typing import Literal

Verdict = Literal["absent", "taken", "away", "unfit", "bucket", "permission", "keys", "clock"]
"""absent: there is no such file.
taken: somebody else wrote it, or is writing it.
away: too much at once, or something went wrong over there; once more, in a while.
unfit: what was sent breaks a rule of S3's that ours should have kept; asking again is of no use.
The others wait for a person, and `LOOK_AT` says where they should look.
"""

LOOK_AT: Mapping[Verdict, str] = {
    "bucket": "KOTONOHA_MEDIA_BUCKET and KOTONOHA_AWS_REGION: a bucket that is there, and in that region",
    "permission": "what the credentials' role may do in KOTONOHA_MEDIA_BUCKET (s3:PutObject, s3:GetObject, s3:DeleteObject and "
    "s3:ListBucket on artifacts/), the bucket's policy and its key",
    "keys": "the credentials: the task's role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "clock": "the clock of this machine: requests are signed with the time",
}

ERRORS: Mapping[str, Verdict] = {
    "NoSuchKey": "absent",
    "NotFound": "absent",
    "PreconditionFailed": "taken",
    "ConditionalRequestConflict": "taken",
    "SlowDown": "away",
    "Busy": "away",
    "RequestLimitExceeded": "away",
    "ThrottlingException": "away",
    "InternalError": "away",
    "ServiceUnavailable": "away",
    "OperationAborted": "away",
    "RequestTimeout": "away",
    # The SDK fetches others by itself.
    "ExpiredToken": "away",
    "TokenRefreshRequired": "away",
    # What a HEAD answers to keys that ran out, to a connection that fell asleep, and to another region: it has no word for
    # any. The first two pass, and whoever writes to another region is told so by the write.
    "400": "away",
    "NoSuchBucket": "bucket",
    "InvalidBucketName": "bucket",
    "InvalidBucketState": "bucket",
    "PermanentRedirect": "bucket",
    "Redirect": "bucket",
    "TemporaryRedirect": "bucket",
    "AuthorizationHeaderMalformed": "bucket",
    "IllegalLocationConstraintException": "bucket",
    "AccessDenied": "permission",
    "AllAccessDisabled": "permission",
    "AccountProblem": "permission",
    "NotSignedUp": "permission",
    "KMS.AccessDeniedException": "permission",
    "KMS.DisabledException": "permission",
    "KMS.KMSInvalidStateException": "permission",
    "KMS.NotFoundException": "permission",
    "InvalidAccessKeyId": "keys",
    "InvalidToken": "keys",
    "InvalidSecurity": "keys",
    "MissingSecurityHeader": "keys",
    "SignatureDoesNotMatch": "keys",
    "RequestTimeTooSkewed": "clock",
    "BadDigest": "unfit",
    "EntityTooLarge": "unfit",
    "EntityTooSmall": "unfit",
    "IncompleteBody": "away",
    "InvalidArgument": "unfit",
    "InvalidDigest": "unfit",
    "InvalidObjectState": "unfit",
    "InvalidRequest": "unfit",
    "KeyTooLongError": "unfit",
    "MethodNotAllowed": "unfit",
    "MissingContentLength": "unfit",
    "XAmzContentSHA256Mismatch": "unfit",
}
"""What PutObject, GetObject, HeadObject and DeleteObject may answer.

Source: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""


def read_error(code: str, status: int) -> Verdict:
    """HEAD answers without a body, so that its status is all there is, and botocore makes a code of that."""
    return ERRORS.get(code) or _by_status(status)


def _by_status(status: int) -> Verdict:
    """For a code that the table does not know."""
    match status:
        case 404:
            return "absent"
        case 409 | 412:
            return "taken"
        case 403:
            return "permission"
        case 301 | 307:
            return "bucket"
        case 408 | 429:
            return "away"
    return "unfit" if 400 <= status < 500 else "away"
