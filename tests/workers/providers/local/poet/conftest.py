"""One poet and one bank for all these tests: neither keeps anything between two asks."""

from collections.abc import AsyncIterator

import pytest

from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet import LocalPoet
from workers.providers.local.poet.combine import Continuations, Triples
from workers.providers.local.poet.fragments import Bank, read_bank


@pytest.fixture(scope="session")
async def poet() -> AsyncIterator[LocalPoet]:
    poet = LocalPoet(MiniLM())
    yield poet
    await poet.close()


@pytest.fixture(scope="session")
def bank() -> Bank:
    return read_bank()


@pytest.fixture(scope="session")
def joined(bank: Bank) -> Triples:
    """The numbers of the lines of every poem the bank can make."""
    return Continuations(bank).of(bank.openings)
