"""What of the pages needs no browser is tested by Vitest."""

import subprocess

from tests.house.tree import ROOT


def test_the_parts_of_the_pages_do_what_they_say() -> None:
    command = [str(ROOT / "frontends" / "npm"), "run", "--silent", "test"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    assert done.returncode == 0, f"Run `make test T=tests/frontends` if Vitest is missing.\n{done.stdout}{done.stderr}"
