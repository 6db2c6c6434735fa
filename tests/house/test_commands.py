"""The commands of this house, as the environment they are given in finds them."""

import os
import subprocess
from pathlib import Path

from tests.house.tree import ROOT


def test_what_was_compiled_is_kept_whatever_the_environment_wishes(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    shown.write_text("shown:\n\t@$(PYTHON) -c 'import sys; print(sys.dont_write_bytecode)'\n")
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = ["make", "--silent", "--file", "Makefile", "--file", str(shown), "shown"]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"
