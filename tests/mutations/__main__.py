"""Break one rule at a time in a copy of this house and see which tests notice: `python -m tests.mutations`.

Exits with 1 when a mutation was survived by a test that should have caught it. All of them take about ten minutes.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.house.between import write
from tests.house.tree import ROOT
from tests.mutations.mutation import Mutation
from tests.mutations.protocol import MUTATIONS

LEFT_BEHIND = shutil.ignore_patterns(".*", "__pycache__", "*.log", "haiku-*")
NONSENSE = re.compile(
    r"PostgresSyntaxError|UndefinedColumn|UndefinedFunction|AmbiguousColumn|NameError|SyntaxError|DatatypeMismatch"
)
"""A mutation that cannot even run proves nothing."""

SECONDS = 240

_OUTCOME = re.compile(r"^(?P<test>tests/\S+?)(?:\[.*\])? (?P<outcome>PASSED|FAILED|ERROR)", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--only", default="", help="mutations whose rule or file contains this")
    parser.add_argument("--after", type=int, default=0, help="go on where an earlier run stopped: skip this many")
    parser.add_argument("--write", action="store_true", help="write the list into RELIABILITY.md if none survived")
    asked = parser.parse_args()
    wanted = [each for each in MUTATIONS if asked.only in each.rule or asked.only in each.file][asked.after :]
    with tempfile.TemporaryDirectory(prefix="kotonoha-mutations-") as folder:
        house = Path(folder) / "house"
        shutil.copytree(ROOT, house, ignore=LEFT_BEHIND)
        survived = [each.rule for each in wanted if not _say(each, _red(each, house))]
    if asked.write and not survived:
        write(ROOT / "RELIABILITY.md", "mutations", table())
    sys.stderr.write(
        f"{len(wanted) - len(survived)} of {len(wanted)} caught.\n" + "".join(f"Survived: {rule}\n" for rule in survived)
    )
    return 1 if survived else 0


def table() -> str:
    lines = [f"| {each.rule} | `{each.file}` | {'; '.join(map(_words, each.tests))} |" for each in MUTATIONS]
    return "\n".join(["| rule that was broken | in | tests that turned red |", "|---|---|---|", *lines, ""])


def _say(mutation: Mutation, red: set[str]) -> bool:
    caught = red >= set(mutation.tests)
    missed = "" if caught else f"  missed by {', '.join(sorted(map(_words, set(mutation.tests) - red)))}"
    sys.stdout.write(f"{'caught  ' if caught else 'SURVIVED'} {mutation.rule}{missed}\n")
    # Each takes seconds: whoever reads through a pipe sees them come.
    sys.stdout.flush()
    return caught


def _red(mutation: Mutation, house: Path) -> set[str]:
    """Which of its tests, or of the files it names, noticed."""
    with _broken(house / mutation.file, mutation):
        said = _pytest(house, mutation.tests)
    if nonsense := NONSENSE.search(said):
        sys.stderr.write(f"{mutation.rule}: {nonsense[0]}\n")
        return set()
    failed = {found["test"] for found in _OUTCOME.finditer(said) if found["outcome"] == "FAILED"}
    return {test for test in mutation.tests if any(each.startswith(test) for each in failed)}


@contextmanager
def _broken(file: Path, mutation: Mutation) -> Iterator[None]:
    whole = file.read_text()
    assert whole.count(mutation.before) == 1, mutation.rule
    file.write_text(whole.replace(mutation.before, mutation.after))
    try:
        yield
    finally:
        file.write_text(whole)


def _pytest(house: Path, tests: tuple[str, ...]) -> str:
    # Nothing compiled is kept: a file that changed twice in one second would look like the one before.
    environment = os.environ | {"PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1", "UNSHRUNK": "1"}
    command = [sys.executable, "-m", "pytest", "-v", "--tb=short", "--color=no", "-p", "no:cacheprovider", "--timeout=60", *tests]
    try:
        run = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as hung:
        return str(hung.stdout or "")
    return run.stdout


def _words(test: str) -> str:
    return test.partition("::test_")[2].replace("_", " ")


if __name__ == "__main__":
    sys.exit(main())
