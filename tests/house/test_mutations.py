"""The list of mutations fits the house as it is now."""

import pytest

from tests.house.between import written
from tests.house.tree import ROOT
from tests.mutations.__main__ import table
from tests.mutations.mutation import Mutation
from tests.mutations.protocol import MUTATIONS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.rule)
def test_what_a_mutation_changes_stands_where_it_says_and_only_there(mutation: Mutation) -> None:
    assert (ROOT / mutation.file).read_text().count(mutation.before) == 1
    assert mutation.after != mutation.before


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.rule)
def test_every_test_a_mutation_names_exists(mutation: Mutation) -> None:
    for test in mutation.tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text()


def test_the_page_shows_the_list() -> None:
    assert written(ROOT / "RELIABILITY.md", "mutations") == table(), "run: python -m tests.mutations --write"
