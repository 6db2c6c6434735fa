"""A port nobody but root may have is no port that somebody has."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.demote import choose_prefix

LOWEST_OPEN = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
PORT = 80


@pytest.mark.parametrize("words", [["up"], ["doctor"]])
def test_a_port_that_is_closed_to_ordinary_users_is_told_with_one_that_is_open(tmp_path: Path, words: list[str]) -> None:
    if not LOWEST_OPEN.exists() or int(LOWEST_OPEN.read_text()) <= PORT:
        pytest.skip("here it is open to everybody")
    command = [*choose_prefix(), sys.executable, "-m", "local.cli", *words, "--port", str(PORT), "--home", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "ports below 1024 are not for ordinary users" in done.stdout + done.stderr
    assert "--port 8080" in done.stdout + done.stderr
    assert "taken" not in done.stdout + done.stderr
