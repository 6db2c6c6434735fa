"""Names say what something is; a few words never do."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, committed, modules

BANNED = frozenset({"manager", "service", "services", "helper", "helpers", "util", "utils", "common", "base", "impl"})
BANNED |= {"data", "info", "misc", "handle", "handler", "process"}


def words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_no_file_has_a_name_that_means_nothing() -> None:
    bad = [path.relative_to(ROOT).as_posix() for path in modules(*ROOMS, "tests") if words(path.stem) & BANNED]

    assert bad == []


def test_no_class_has_a_name_that_means_nothing() -> None:
    bad = [
        f"{path.name}: {node.name}"
        for path in modules(*ROOMS, "tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and words(node.name) & BANNED
    ]

    assert bad == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_says_first_what_it_is_for(room: str) -> None:
    silent = [path.relative_to(ROOT).as_posix() for path in modules(room) if not ast.get_docstring(ast.parse(path.read_text()))]

    assert silent == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in committed("tests/*.py")}

    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_functions_stay_readable_aloud() -> None:
    sizes = [(node.end_lineno or node.lineno) - node.lineno + 1 for path in modules() for node in functions(path)]

    assert sorted(sizes)[len(sizes) // 2] <= 10
    assert max(sizes) <= 45
