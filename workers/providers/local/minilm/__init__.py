"""MiniLM: what English words and phrases mean, as vectors; a local model and its vendored tokenizer."""

import os

# Phrases are short: threads of BLAS would wait for each other longer than they work. Read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
