"""MiniLM: what English words and phrases mean, as vectors; a local model and its vendored tokenizer."""
