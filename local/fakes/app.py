"""Every fake on one port: Amazon's operations, and beside them the script of faults and the list of calls."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, MutableMapping
from typing import Any

import msgspec
from botocore.model import OperationModel

from local.fakes.bedrock.converse import converse, converse_stream
from local.fakes.bedrock.guard import apply_guardrail
from local.fakes.bedrock.paint import Studio, invoke_model
from local.fakes.bedrock.writer import Writer
from local.fakes.calls import Call, Calls
from local.fakes.complaint import Complaint
from local.fakes.credentials import IMAGE_REGION, REGION
from local.fakes.envelope import complain
from local.fakes.exchange import HangUp, Receive, Reply, Request, Send, read_request, send_reply, until_gone
from local.fakes.faults import Fault, Script
from local.fakes.models import Params, find_operation, read_input
from local.fakes.polly.speak import Speaker, describe_voices, synthesize_speech
from local.fakes.signature import check_signature

JUNK = Reply(b"<html><body><h1>502 Bad Gateway</h1></body></html>", 502, {"content-type": "text/html"})


class Fakes:
    """An ASGI application. Owns a writer, a studio and a speaker, and closes them at shutdown."""

    def __init__(self) -> None:
        self.script, self.calls = Script(), Calls()
        self._writer, self._studio, self._speaker = Writer(), Studio(), Speaker()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for part in (self._writer, self._studio, self._speaker):
            await part.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive)
            await _while_there(receive, self._answer_to(request, send))
        except HangUp:
            # An application that ends before its response does closes the connection.
            return

    async def _answer_to(self, request: Request, send: Send) -> None:
        await send_reply(await self._reply(request), send)

    async def _reply(self, request: Request) -> Reply:
        if request.path in ("/health", "/faults", "/calls"):
            return self._tell(request)
        try:
            operation, named = find_operation(request)
        except Complaint as complaint:
            return complain(None, complaint)
        service = operation.service_model
        call = self.calls.begin(service.service_name, operation.name, named.get("modelId"))
        try:
            check_signature(request, service.signing_name, _region_of(operation.name))
            return await self._answer(operation, read_input(operation, named, request), call)
        except Complaint as complaint:
            call.outcome = complaint.code
            return complain(service, complaint)

    async def _answer(self, operation: OperationModel, asked: Params, call: Call) -> Reply:
        fault = self.script.next(call.service, call.operation)
        call.outcome = fault.kind if fault else "answered"
        if fault and (instead := await _instead(fault)):
            return instead
        match operation.name:
            case "Converse":
                return await converse(operation, asked, self._writer, fault)
            case "ConverseStream":
                return await converse_stream(asked, self._writer, fault)
            case "InvokeModel":
                return await invoke_model(asked, self._studio, fault)
            case "ApplyGuardrail":
                return apply_guardrail(operation, asked, fault)
            case "SynthesizeSpeech":
                return await synthesize_speech(asked, self._speaker, fault)
            case "DescribeVoices":
                return describe_voices(operation, asked)
        raise Complaint("UnknownOperationException", f"The fakes do not know {operation.name}.")

    def _tell(self, request: Request) -> Reply:
        """To whoever tests: nothing here is Amazon's."""
        match request.method, request.path:
            case "POST", "/faults":
                return self._add_faults(request.body)
            case "DELETE", "/faults":
                self.script.clear()
            case "DELETE", "/calls":
                self.calls.forget()
            case "GET", "/calls":
                return _json({"counts": self.calls.counts(), "calls": self.calls.all})
            case "GET", "/health":
                return _json({"ready": True})
            case _:
                return _json({"error": "not allowed"}, 405)
        return _json({})

    def _add_faults(self, body: bytes) -> Reply:
        try:
            self.script.add(msgspec.json.decode(body, type=list[Fault]))
        except (msgspec.DecodeError, ValueError) as error:
            return _json({"error": str(error)}, 400)
        return _json({})


def _region_of(operation: str) -> str:
    """One address stands for the endpoints of two regions."""
    return IMAGE_REGION if operation == "InvokeModel" else REGION


async def _while_there(receive: Receive, answering: Coroutine[Any, Any, None]) -> None:
    """Whoever goes away is not answered any more, however long the answer would have taken. Raises HangUp then."""
    answer, leaving = asyncio.create_task(answering), asyncio.create_task(until_gone(receive))
    try:
        await asyncio.wait((answer, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise HangUp
        await answer
    finally:
        answer.cancel()
        leaving.cancel()
        await asyncio.gather(answer, leaving, return_exceptions=True)


async def _instead(fault: Fault) -> Reply | None:
    """What comes in place of an answer, for faults that let nothing else come."""
    match fault.kind:
        case "error" if fault.code:
            raise Complaint(fault.code, "The script says so.", fault.retry_after_seconds)
        case "junk":
            return JUNK
        case "cut" if not fault.tokens:
            return Reply(_nothing())
        case "stall" if not fault.tokens:
            await asyncio.Event().wait()
        case "slow":
            await asyncio.sleep(fault.seconds)
    return None


async def _nothing() -> AsyncIterator[bytes]:
    """A reply that begins, and of whose body nothing comes."""
    pieces: tuple[bytes, ...] = ()
    for piece in pieces:
        yield piece
    raise HangUp


def _json(told: Any, status: int = 200) -> Reply:
    return Reply(msgspec.json.encode(told), status, {"content-type": "application/json"})
