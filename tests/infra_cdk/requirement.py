"""The rows of the specification, and the tests that say they prove them."""

import csv
import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from tests.house.tree import ROOT

ROWS = ROOT / "infra_cdk" / "requirements.tsv"
TABLE = ROOT / "infra_cdk" / "REQUIREMENTS.md"
NOT_YET = ROOT / "infra_cdk" / "not_yet.txt"

HEAD = """# Every requirement, and the test that proves it

Written by `python -m tests.infra_cdk.requirement` from the marks on the tests; a test fails when it is out of date, or when
a row has neither a test nor a line in `not_yet.txt`, which may only become shorter. S are the specification's points, A the
arrows of its drawings. Where it contradicts itself, [DECISIONS.md](../DECISIONS.md) says what stands in its place.
"""


class Row(NamedTuple):
    """One thing asked for."""

    id: str
    section: str
    text: str


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Ids, or spans of them such as S016-S022, of which only those exist that are rows."""
    return pytest.mark.requirement(*(one for each in ids for one in _spanned(each)))


def _spanned(given: str) -> Iterator[str]:
    first, _, last = given.partition("-")
    known = {row.id for row in read_rows()}
    wanted = [f"{first[0]}{number:03}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)]
    yield from (one for one in wanted if last == "" or one in known)


def read_rows() -> list[Row]:
    with ROWS.open(newline="") as file:
        return [Row(*line) for line in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_not_yet() -> list[str]:
    return NOT_YET.read_text().split() if NOT_YET.exists() else []


def proofs() -> dict[str, list[str]]:
    """Names of tests by the id they are marked with."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"tests.infra_cdk.{path.stem}")
        for test in _tests(module):
            for mark in getattr(test, "pytestmark", []):
                if mark.name == "requirement":
                    for one in mark.args:
                        found[one].append(f"{path.stem}::{test.__name__}")
    return found


def _tests(module: ModuleType) -> Iterator[Callable[..., object]]:
    yield from (each for name, each in vars(module).items() if name.startswith("test_") and callable(each))


def table() -> str:
    rows, found, waiting = read_rows(), proofs(), read_not_yet()
    parts = [HEAD, f"\n{len(rows) - len(waiting)} of {len(rows)} rows are proven.\n"]
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            parts.append(f"\n## {section}\n\n| id | asked for | proven by |\n|---|---|---|\n")
        proof = "<br>".join(f"`{name}`" for name in found.get(row.id, [])) or "not yet"
        parts.append(f"| {row.id} | {row.text} | {proof} |\n")
    return "".join(parts)


if __name__ == "__main__":
    TABLE.write_text(table())
