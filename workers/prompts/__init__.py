"""What language and picture models are told, as Markdown. A learner's words never stand here."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def read_prompt(name: str) -> str:
    return (_HERE / f"{name}.md").read_text(encoding="utf-8").strip()
