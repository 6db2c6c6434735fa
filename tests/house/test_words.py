"""What the pages of this house say is true of the house."""

import re
from pathlib import Path

import pytest

from api.openapi_file import FILE, describe
from tests.house.tree import ROOT, committed

PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "DECISIONS.md",
    "CHANGELOG.md",
    "RELIABILITY.md",
    "SECURITY.md",
    "NOTICE",
)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
_MAKE = re.compile(r"`make ([a-z]+)")
_TEST = re.compile(r"\[([^\]]+)\]\((tests/[^)]+\.py)\)")
_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there(page: str) -> None:
    assert (ROOT / page).read_text().strip()


@pytest.mark.parametrize("page", committed("*.md"), ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [link for link in _LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert broken == []


@pytest.mark.parametrize("page", committed("*.md"), ids=lambda page: page.name)
def test_every_command_a_page_names_exists(page: Path) -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text()))

    assert set(_MAKE.findall(page.read_text())) - targets == set()


def rows_of_threats() -> list[str]:
    lines = (ROOT / "SECURITY.md").read_text().splitlines()
    return [line for line in lines if line.startswith("|") and not line.startswith(("| what could", "|---"))]


def test_every_threat_of_both_lists_has_its_row() -> None:
    named = re.findall(r"^\| \*\*(\w+) ", "\n".join(rows_of_threats()), re.MULTILINE)

    assert named == [f"API{number}" for number in range(1, 11)] + [f"LLM{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("row", rows_of_threats(), ids=lambda row: row[2:40])
def test_every_threat_has_a_test_that_exists(row: str) -> None:
    named = _TEST.findall(row.split("|")[3])

    assert named
    assert absent(named) == []


CLAIMS = ("| promise", "| must be true", "| what happens")
"""How the tables in RELIABILITY.md begin that say what proves something."""


def test_every_table_of_claims_is_read() -> None:
    """One under another heading would be held to nothing."""
    lines = (ROOT / "RELIABILITY.md").read_text().splitlines()

    assert [head for head in CLAIMS if not any(line.startswith(head) for line in lines)] == []


def rows_of_claims() -> list[str]:
    rows, proves = [], False
    for line in (ROOT / "RELIABILITY.md").read_text().splitlines():
        if line.startswith(CLAIMS):
            proves = True
        elif not line.startswith("|"):
            proves = False
        elif proves and not line.startswith("|---"):
            rows.append(line)
    return rows


@pytest.mark.parametrize("row", rows_of_claims(), ids=lambda row: row[2:40])
def test_every_claim_has_a_test_that_exists_or_a_command(row: str) -> None:
    named = _TEST.findall(row)

    assert named or _MAKE.search(row)
    assert absent(named) == []


def absent(named: list[tuple[str, str]]) -> list[str]:
    return [name for name, file in named if f"def test_{name.replace(' ', '_')}(" not in (ROOT / file).read_text()]


def test_every_decision_has_its_number() -> None:
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", (ROOT / "DECISIONS.md").read_text(), re.MULTILINE)]

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10


async def test_the_contract_file_is_what_the_api_does() -> None:
    assert FILE.read_bytes() == await describe()
