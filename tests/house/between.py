"""Parts of a page that a command writes: what stands between two marks."""

import re
from pathlib import Path


def written(page: Path, name: str) -> str:
    """Raises AssertionError when the page has no such part."""
    found = _between(name).search(page.read_text())
    assert found, f"{page.name} has no part called {name}"
    return found["text"]


def write(page: Path, name: str, text: str) -> None:
    written(page, name)
    page.write_text(_between(name).sub(lambda found: f"{found['opens']}{text}{found['closes']}", page.read_text()))


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<opens><!-- {name}: [^\n]*-->\n)(?P<text>.*?)(?P<closes><!-- end of {name} -->\n)", re.DOTALL)
