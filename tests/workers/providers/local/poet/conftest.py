"""One poet for all these tests: it keeps nothing between two asks."""

from collections.abc import AsyncIterator

import pytest

from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet import LocalPoet


@pytest.fixture(scope="session")
async def poet() -> AsyncIterator[LocalPoet]:
    poet = LocalPoet(MiniLM())
    yield poet
    await poet.close()
