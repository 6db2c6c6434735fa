"""What was built is small, and holds nothing its own policy would refuse."""

import gzip
import re

import pytest

from local.apps import APPS, App

FIRST_LOAD_BYTES = 200_000

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\son[a-z]+=|\sstyle=")


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_the_first_load_is_light(app: App) -> None:
    page = (app.pages / "index.html").read_text()
    scripts = re.findall(r'(?:src|href)="(/[^"]+\.js)"', page)

    assert scripts
    assert sum(len(gzip.compress((app.pages / path.lstrip("/")).read_bytes())) for path in scripts) <= FIRST_LOAD_BYTES


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(app: App) -> None:
    page = (app.pages / "index.html").read_text()
    styles = "".join(path.read_text() for path in app.pages.rglob("*.css"))

    assert _INLINE.findall(page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert re.findall(r"url\((?!\"?/assets/)[^)]*\)", styles) == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_fonts_come_in_slices(app: App) -> None:
    fonts = [path.stat().st_size for path in app.pages.rglob("*.woff2")]

    assert len(fonts) > 100
    assert max(fonts) < 200_000
