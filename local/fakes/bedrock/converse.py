"""Converse and ConverseStream: one answer, whole or as events."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from uuid import uuid4

import msgspec
from botocore.model import OperationModel

from local.fakes.bedrock.guard import trace_of
from local.fakes.bedrock.model_ids import WRITERS, check_model
from local.fakes.bedrock.say import Said, say
from local.fakes.bedrock.turns import Json
from local.fakes.bedrock.writer import Writer
from local.fakes.event_stream import MEDIA_TYPE, frame_event, frame_exception
from local.fakes.exchange import HangUp, Reply
from local.fakes.faults import Fault
from local.fakes.models import check_answer, check_said, stream_events

PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
"""Real events are padded to hide how long a token is; clients must not mind."""


async def converse(operation: OperationModel, asked: Json, writer: Writer, fault: Fault | None) -> Reply:
    check_model(asked["modelId"], WRITERS)
    began = asyncio.get_running_loop().time()
    said = await say(asked, writer, fault)
    latency_ms = round((asyncio.get_running_loop().time() - began) * 1000)
    answer = {
        "output": {"message": {"role": "assistant", "content": [_block(said)]}},
        "stopReason": said.stop_reason,
        "usage": _usage(said),
        "metrics": {"latencyMs": latency_ms},
        **trace_of(asked),
    }
    check_answer(operation, answer)
    return Reply(msgspec.json.encode(answer), headers={"content-type": "application/json", "x-amzn-requestid": str(uuid4())})


async def converse_stream(asked: Json, writer: Writer, fault: Fault | None) -> Reply:
    check_model(asked["modelId"], WRITERS)
    said = await say(asked, writer, fault)
    headers = {"content-type": MEDIA_TYPE, "x-amzn-requestid": str(uuid4())}
    return Reply(_frames(said, fault, trace_of(asked)), headers=headers)


async def _frames(said: Said, fault: Fault | None, trace: Json) -> AsyncIterator[bytes]:
    told = 0
    for name, payload in _events(said, trace):
        if name == "contentBlockDelta" or told == len(said.tokens):
            if fault and told >= fault.tokens and (end := await _break_off(fault)) is not None:
                yield end
                return
            told += 1
        yield _frame(name, payload)


async def _break_off(fault: Fault) -> bytes | None:
    """The last frame, if this is a fault that has one; None when it is of another kind."""
    if fault.kind == "cut":
        raise HangUp
    if fault.kind == "ends":
        return b""
    if fault.kind == "stall":
        await asyncio.Event().wait()
    if fault.kind == "stream_error" and fault.code:
        name = fault.code[0].lower() + fault.code[1:]
        return frame_exception(name, {"message": "The stream ended early, as the script says."})
    return None


def _events(said: Said, trace: Json) -> Iterator[tuple[str, Json]]:
    yield "messageStart", {"role": "assistant"}
    if said.tool:
        use = {"toolUseId": _new_use(), "name": said.tool.name}
        yield "contentBlockStart", {"start": {"toolUse": use}, "contentBlockIndex": 0}
    for token in said.tokens:
        delta = {"toolUse": {"input": token}} if said.tool else {"text": token}
        yield "contentBlockDelta", {"delta": delta, "contentBlockIndex": 0}
    yield "contentBlockStop", {"contentBlockIndex": 0}
    yield "messageStop", {"stopReason": said.stop_reason}
    yield "metadata", {"usage": _usage(said), "metrics": {"latencyMs": len(said.tokens)}, **trace}


def _frame(name: str, payload: Json) -> bytes:
    check_said(stream_events("ConverseStream")[name], payload)
    return frame_event(name, {**payload, "p": PADDING[: 1 + len(str(payload)) % len(PADDING)]})


def _block(said: Said) -> Mapping[str, Any]:
    if said.tool:
        return {"toolUse": {"toolUseId": _new_use(), "name": said.tool.name, "input": said.whole}}
    return {"text": "".join(said.tokens)}


def _usage(said: Said) -> dict[str, int]:
    spoken = len(said.tokens)
    return {"inputTokens": said.tokens_heard, "outputTokens": spoken, "totalTokens": said.tokens_heard + spoken}


def _new_use() -> str:
    return f"tooluse_{uuid4().hex[:22]}"
