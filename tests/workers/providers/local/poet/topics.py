"""Sixty topics as learners give them: words, phrases, nonsense, Japanese, long ones."""

from pathlib import Path

TOPICS = tuple(Path(__file__).with_name("topics.txt").read_text(encoding="utf-8").splitlines())
