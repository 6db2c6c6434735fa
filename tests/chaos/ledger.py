"""What was really paid: a line for each call, appended by the workers and never touched by what is under test."""

import hashlib
import json
import os
from collections import Counter
from pathlib import Path

from core.contracts.job import Ask
from core.contracts.kinds import encode_ask


class Ledger:
    """One file a process, so that a kill leaves at most one torn line, at the end of a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "ledger"
        self._folder.mkdir(parents=True, exist_ok=True)

    def pay(self, ask: Ask) -> None:
        with (self._folder / f"{os.getpid()}.jsonl").open("ab", buffering=0) as file:
            file.write(json.dumps({"ask": ask_hash(ask)}).encode() + b"\n")

    def payments(self) -> Counter[str]:
        """How often each ask was paid for, by its hash."""
        lines = [line for file in self._folder.iterdir() for line in file.read_text().splitlines()]
        return Counter(json.loads(line)["ask"] for line in lines)


def ask_hash(ask: Ask) -> str:
    """As in the job's row: kind and input."""
    return hashlib.sha256(f"{ask.kind}\n{encode_ask(ask)}".encode()).hexdigest()
