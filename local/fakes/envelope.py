"""A complaint on the wire, in the manner of Amazon's rest-json services."""

from uuid import uuid4

import msgspec
from botocore.model import ServiceModel

from local.fakes.complaint import Complaint
from local.fakes.exchange import Reply

# What any service may answer though its model does not say so. Polly throttles with 400, as older services do.
_COMMON = {
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "IncompleteSignature": 403,
    "IncompleteSignatureException": 400,
    "InternalFailure": 500,
    "InternalServerException": 500,
    "InvalidClientTokenId": 403,
    "InvalidSignatureException": 403,
    "MissingAuthenticationToken": 403,
    "MissingAuthenticationTokenException": 403,
    "OptInRequired": 403,
    "RequestExpired": 400,
    "RequestLimitExceeded": 400,
    "SerializationException": 400,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
    "Throttling": 400,
    "ThrottlingException": 400,
    "TooManyRequestsException": 400,
    "UnknownOperationException": 404,
    "UnrecognizedClientException": 403,
    "ValidationError": 400,
    "ValidationException": 400,
}


def is_known(model: ServiceModel, code: str) -> bool:
    return code in model.shape_names or code in _COMMON


def complain(model: ServiceModel | None, complaint: Complaint) -> Reply:
    """The status is that of the model, else that of all services. Raises KeyError for a code nobody has."""
    headers = {"content-type": "application/json", "x-amzn-requestid": str(uuid4())}
    namespace = f"http://internal.amazon.com/coral/com.amazon.{model.endpoint_prefix if model else 'coral.service'}/"
    headers["x-amzn-errortype"] = f"{complaint.code}:{namespace}"
    if complaint.retry_after_seconds is not None:
        headers["retry-after"] = str(complaint.retry_after_seconds)
    return Reply(msgspec.json.encode({"message": complaint.message}), _status(model, complaint.code), headers)


def _status(model: ServiceModel | None, code: str) -> int:
    if model is None or code not in model.shape_names:
        return _COMMON[code]
    status: int = model.shape_for(code).metadata["error"]["httpStatusCode"]
    return status
