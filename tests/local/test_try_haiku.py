"""A try that did not succeed says why, what is kept, and who knows more."""

from typing import Any

import pytest

from core.errors import GiveUp, KotonohaError, Unstorable
from core.problems import problem_type
from local.commands.try_haiku import unfinished
from local.home import Home


def failed(error: type[KotonohaError]) -> dict[str, Any]:
    return {"status": "failed", "error": {"type": problem_type(error), "detail": "It did not work."}}


@pytest.mark.parametrize(("error", "hints"), [(Unstorable, True), (GiveUp, False)])
def test_where_nothing_can_be_stored_the_doctor_is_named(own_home: Home, error: type[KotonohaError], hints: bool) -> None:
    told = unfinished(own_home, failed(error), own_home.path / "files")

    assert told.startswith(
        f"kotonoha: It did not work. How far it came is in {own_home.path / 'files'}; the same command tries anew."
    )
    assert ("kotonoha doctor --home" in told) == hints
    assert told.endswith("\n")
