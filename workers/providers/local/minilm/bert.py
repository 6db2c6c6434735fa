"""The network of MiniLM in numpy: six layers are not worth a runtime of their own, which takes 120 MB and half a second.

Devlin et al., BERT (2019), https://arxiv.org/abs/1810.04805, with the sizes and names of all-MiniLM-L6-v2.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from workers.providers.local.minilm.weights import Tensors, read_tensors

Vectors = NDArray[np.float32]

_LAYERS, _HEADS = 6, 12
_EPSILON = 1e-12
_MATRIX = re.compile(r"val_(\d+)_q")
_NAME = "inner.encoder.layer.{}.{}"
_SELF = ("attention.self.query", "attention.self.key", "attention.self.value")
_ROOMS = (*_SELF, "attention.output.dense", "intermediate.dense", "output.dense")
"""Where a layer keeps its biases, in the order they are used."""


class Affine(Struct, frozen=True):
    """x · weight + bias."""

    weight: Vectors
    bias: Vectors

    def __call__(self, x: Vectors) -> Vectors:
        return x @ self.weight + self.bias


class Norm(Struct, frozen=True):
    """Layer normalisation over the last axis."""

    weight: Vectors
    bias: Vectors

    def __call__(self, x: Vectors) -> Vectors:
        centred = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        return np.asarray(centred / deviation * self.weight + self.bias, dtype=np.float32)


class Layer(Struct, frozen=True):
    """Every token looks at every other, then each thinks for itself."""

    query: Affine
    key: Affine
    value: Affine
    attended: Affine
    widen: Affine
    narrow: Affine
    norm_attended: Norm
    norm_out: Norm

    def __call__(self, x: Vectors) -> Vectors:
        looked = self.norm_attended(x + self.attended(self._attend(x)))
        return self.norm_out(looked + self.narrow(_gelu(self.widen(looked))))

    def _attend(self, x: Vectors) -> Vectors:
        query, key, value = (_heads(affine(x)) for affine in (self.query, self.key, self.value))
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ value
        return np.asarray(mixed.transpose(1, 0, 2).reshape(x.shape), dtype=np.float32)


class Bert(Struct, frozen=True):
    """Words and positions stay in int8, for a text touches few of them; the layers are floats."""

    words: NDArray[np.int8]
    word_scales: Vectors
    positions: Vectors
    norm: Norm
    layers: tuple[Layer, ...]

    def read(self, tokens: Sequence[int]) -> Vectors:
        """A row for each token."""
        numbers = np.asarray(tokens)
        x = self.norm(self.words[numbers] * self.word_scales[numbers] + self.positions[: len(tokens)])
        for layer in self.layers:
            x = layer(x)
        return x


def read_bert(path: Path) -> Bert:
    tensors = read_tensors(path)
    embeddings = "inner.embeddings.{}.weight"
    words, positions = embeddings.format("word_embeddings"), embeddings.format("position_embeddings")
    return Bert(
        words=tensors[words + "_q"],
        word_scales=tensors[words + "_scale"],
        positions=_floats(tensors, positions) + tensors[embeddings.format("token_type_embeddings")][0],
        norm=_norm(tensors, "inner.embeddings.LayerNorm"),
        layers=_layers(tensors),
    )


def _layers(tensors: Tensors) -> tuple[Layer, ...]:
    """The file numbers its matrices in the order they are used, and names only their biases."""
    numbers = sorted(int(match[1]) for name in tensors if (match := _MATRIX.fullmatch(name)))
    matrices = [_floats(tensors, f"val_{number}") for number in numbers]
    size = len(matrices) // _LAYERS
    return tuple(_layer(tensors, n, matrices[n * size : (n + 1) * size]) for n in range(_LAYERS))


def _layer(tensors: Tensors, number: int, matrices: Sequence[Vectors]) -> Layer:
    biases = [tensors[_NAME.format(number, room) + ".bias"] for room in _ROOMS]
    norms = [_norm(tensors, _NAME.format(number, f"{room}.LayerNorm")) for room in ("attention.output", "output")]
    query, key, value, attended, widen, narrow = map(Affine, matrices, biases)
    return Layer(query, key, value, attended, widen, narrow, *norms)


def _norm(tensors: Tensors, name: str) -> Norm:
    return Norm(tensors[name + ".weight"], tensors[name + ".bias"])


def _floats(tensors: Tensors, name: str) -> Vectors:
    return np.asarray(tensors[name + "_q"] * tensors[name + "_scale"], dtype=np.float32)


def _heads(x: Vectors) -> Vectors:
    """Tokens by features → heads by tokens by features of one head."""
    return x.reshape(len(x), _HEADS, -1).transpose(1, 0, 2)


def _gelu(x: Vectors) -> Vectors:
    return np.asarray(x * 0.5 * (1 + _erf(x / np.float32(np.sqrt(2)))), dtype=np.float32)


def _erf(x: Vectors) -> Vectors:
    """Abramowitz and Stegun 7.1.26, within 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series: NDArray[Any] = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(np.sign(x) * (1 - series * np.exp(-x * x)), dtype=np.float32)
