"""Frames of application/vnd.amazon.eventstream: https://smithy.io/2.0/aws/amazon-eventstream.html"""

import struct
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import msgspec

MEDIA_TYPE = "application/vnd.amazon.eventstream"

_PRELUDE = struct.Struct("!II")
_CHECKSUM = struct.Struct("!I")
_STRING = 7
"""The type number of a header whose value is text."""


def frame_event(name: str, payload: Mapping[str, Any]) -> bytes:
    return _frame({":event-type": name, ":content-type": "application/json", ":message-type": "event"}, payload)


def frame_exception(name: str, payload: Mapping[str, Any]) -> bytes:
    """An error that comes when the status line was already sent."""
    return _frame({":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}, payload)


def _frame(headers: Mapping[str, str], payload: Mapping[str, Any]) -> bytes:
    head = b"".join(_header(name, value) for name, value in headers.items())
    body = msgspec.json.encode(payload)
    length = _PRELUDE.size + _CHECKSUM.size + len(head) + len(body) + _CHECKSUM.size
    prelude = _PRELUDE.pack(length, len(head))
    frame = prelude + _CHECKSUM.pack(crc32(prelude)) + head + body
    return frame + _CHECKSUM.pack(crc32(frame))


def _header(name: str, value: str) -> bytes:
    text = value.encode()
    return struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", _STRING, len(text)) + text
