"""Amazon's own descriptions of their services, as botocore brings them: what may be asked, and what may be answered."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qs, unquote

import msgspec
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StringShape, StructureShape
from botocore.session import get_session
from botocore.validate import ParamValidator

from local.fakes.complaint import Complaint
from local.fakes.exchange import Request

Params = dict[str, Any]

SERVICES = ("bedrock-runtime", "polly")


@cache
def service_model(service: str) -> ServiceModel:
    return get_session().get_service_model(service)


def find_operation(request: Request) -> tuple[OperationModel, Params]:
    """The operation and what its path names. Raises Complaint for a path nobody serves."""
    for pattern, operation in _routes():
        found = pattern.fullmatch(request.path)
        if found and operation.http["method"] == request.method:
            return operation, {name: unquote(value) for name, value in found.groupdict().items()}
    raise Complaint("UnknownOperationException", f"Nothing answers {request.method} here.")


def read_input(operation: OperationModel, named: Params, request: Request) -> Params:
    """The parameters as a caller gave them. Raises Complaint (ValidationException) unless the model allows them."""
    shape = cast("StructureShape", operation.input_shape)
    given = dict(_read_members(shape, named, request))
    if complaints := list(_complaints(shape, given)):
        raise Complaint("ValidationException", f"{len(complaints)} validation errors detected: {'; '.join(complaints)}")
    return given


def check_answer(operation: OperationModel, answer: Mapping[str, Any]) -> None:
    """Raises AssertionError when the operation could never have answered this."""
    check_said(cast("Shape", operation.output_shape), answer)


def check_said(shape: Shape, answer: Mapping[str, Any]) -> None:
    """Raises AssertionError when the service could never have said this."""
    if complaints := list(_complaints(shape, answer)):
        raise AssertionError("The service could never have said this: " + "; ".join(complaints))


@cache
def stream_events(operation: str) -> Mapping[str, Shape]:
    """What may come in the event stream of an operation of Bedrock."""
    output = cast("StructureShape", service_model("bedrock-runtime").operation_model(operation).output_shape)
    return cast("StructureShape", output.members["stream"]).members


@cache
def _routes() -> list[tuple[re.Pattern[str], OperationModel]]:
    models = [service_model(service) for service in SERVICES]
    operations = [model.operation_model(name) for model in models for name in model.operation_names]
    return [(_pattern(operation.http["requestUri"]), operation) for operation in operations]


def _pattern(uri: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", uri.partition("?")[0]))


def _read_members(shape: StructureShape, named: Params, request: Request) -> Iterator[tuple[str, Any]]:
    """By the rules of Amazon's rest-json: a member may stand in the path, the query, a header, or the body, or be all of it."""
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        if name == payload:
            yield name, request.body
        elif "location" in member.serialization:
            yield from ((name, value) for value in _read_outside(name, member, named, request))
    if payload is None:
        yield from _read_inside(shape, request.body)


def _read_outside(name: str, member: Shape, named: Params, request: Request) -> Iterator[Any]:
    """One value, or none where it was left out."""
    key = member.serialization.get("name", name)
    match member.serialization["location"]:
        case "uri":
            yield named[key]
        case "querystring":
            values = parse_qs(request.query, keep_blank_values=True).get(key, [])
            yield from (_read_text(member, value) for value in values[:1])
        case "header" if key.lower() in request.headers:
            yield request.headers[key.lower()]


def _read_inside(shape: StructureShape, body: bytes) -> Iterator[tuple[str, Any]]:
    """What the model does not know is passed on for the validator to refuse."""
    for name, value in _read_body(body).items():
        known = shape.members.get(name)
        if known is None:
            yield name, value
        elif "location" not in known.serialization:
            yield name, _decoded(known, value)


def _read_body(body: bytes) -> Params:
    try:
        return msgspec.json.decode(body, type=dict[str, Any]) if body else {}
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Complaint("SerializationException", "The body is not a JSON object.") from error


def _read_text(member: Shape, text: str) -> Any:
    return text == "true" if member.type_name == "boolean" else text


def _decoded(shape: Shape, value: Any) -> Any:
    """JSON carries bytes as base64."""
    if shape.type_name == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise Complaint("SerializationException", "Bytes must come as base64.") from error
    if isinstance(shape, StructureShape) and isinstance(value, dict) and not shape.is_document_type:
        return {name: _decoded(shape.members[name], one) if name in shape.members else one for name, one in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_decoded(shape.member, one) for one in value]
    return value


def _complaints(shape: Shape, value: Any) -> Iterator[str]:
    errors = ParamValidator().validate(value, shape)
    if errors.has_errors():
        yield errors.generate_report()
        return
    yield from _beyond_botocore(shape, value, "")


def _beyond_botocore(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Enumerations and upper bounds, which botocore leaves to the service."""
    if isinstance(shape, StructureShape) and not shape.is_document_type:
        for name, one in value.items():
            yield from _beyond_botocore(shape.members[name], one, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for number, one in enumerate(value):
            yield from _beyond_botocore(shape.member, one, f"{path}[{number}]")
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        yield f"Value at '{path[1:]}' failed to satisfy constraint: Member must satisfy enum value set: {shape.enum}"
    most = shape.metadata.get("max")
    if most is not None and _size(value) > most:
        yield f"Value at '{path[1:]}' failed to satisfy constraint: Member must be at most {most}"


def _size(value: Any) -> float:
    return value if isinstance(value, int | float) else len(value)
