"""A home of one test's own."""

from pathlib import Path

import pytest

from local.home import Home


@pytest.fixture
def own_home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home
