"""Read the tensors of an ONNX file without a runtime: its protobuf wire format is tags, lengths and raw bytes.

Format: https://protobuf.dev/programming-guides/encoding and onnx.proto3 (ModelProto.graph 7, GraphProto.initializer 5,
TensorProto.dims 1, data_type 2, name 8, raw_data 9).
"""

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[Any]]

_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_TYPES: dict[int, type[np.generic]] = {1: np.float32, 3: np.int8}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_tensors(path: Path) -> Tensors:
    """Every tensor of floats or small integers by its name, mapped from the file and read only when touched."""
    with path.open("rb") as file:
        model = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
    graph = next(value for number, value in _fields(model) if number == _GRAPH and isinstance(value, memoryview))
    tensors = (_tensor(value) for number, value in _fields(graph) if number == _INITIALIZER and isinstance(value, memoryview))
    return dict(tensor for tensor in tensors if tensor is not None)


def _tensor(message: memoryview) -> tuple[str, NDArray[Any]] | None:
    shape: list[int] = []
    found: dict[int, int | memoryview] = {}
    for number, value in _fields(message):
        if number == _DIMS and isinstance(value, int):
            shape.append(value)
        found[number] = value
    kind, name, raw = found[_TYPE], found[_NAME], found.get(_RAW)
    if kind not in _TYPES or not isinstance(raw, memoryview) or not isinstance(name, memoryview):
        return None
    return bytes(name).decode(), np.frombuffer(raw, dtype=_TYPES[int(kind)]).reshape(shape)


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, position = _varint(message, position)
            yield number, value
            continue
        length, position = _varint(message, position) if wire == _BYTES else ({_FIXED64: 8, _FIXED32: 4}[wire], position)
        yield number, message[position : position + length]
        position += length


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """The number, and where what follows it begins."""
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
