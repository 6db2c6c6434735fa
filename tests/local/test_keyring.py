"""A secret that is lost is told before anything starts, with whose it is and the way on."""

import subprocess
import sys

import pytest

from core.errors import Refused
from local.cli import main
from local.demote import choose_prefix
from local.examination import check_secrets
from local.home import Home
from local.keyring import find_flaws
from local.tokens import make_key


@pytest.fixture
def begun(own_home: Home) -> Home:
    for name in ("links", "postgres", "refresh", "valkey"):
        own_home.secret(name)
    make_key(own_home)
    own_home.postgres.mkdir()
    return own_home


def test_what_is_whole_or_not_yet_made_is_well(own_home: Home, begun: Home) -> None:
    (begun.secrets / "links").unlink()

    assert check_secrets(begun).ok


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("links", r"Delete it.*links to pictures"),
        ("postgres", r"Put a copy of it back.*kotonoha reset --home"),
        ("refresh", r"Delete it.*signs in once more"),
        ("signing.pem", r"Delete it.*signs in once more"),
        ("valkey", r"Delete it.*nothing is lost"),
    ],
)
def test_an_empty_one_ends_the_start_at_once_with_the_way_on(
    begun: Home, capsys: pytest.CaptureFixture[str], name: str, way: str
) -> None:
    (begun.secrets / name).write_bytes(b"")
    code = main(["up", "--home", str(begun.path), "--port", "0"])
    written = capsys.readouterr()

    assert (code, written.out) == (1, "")
    assert written.err.startswith(f"kotonoha: {begun.secrets / name} is empty. ")
    assert written.err.count("\n") == 1
    with pytest.raises(Refused, match=way):
        raise Refused(check_secrets(begun).advice or "")


def test_the_one_that_opens_rows_is_missed(begun: Home, capsys: pytest.CaptureFixture[str]) -> None:
    (begun.secrets / "postgres").unlink()
    code = main(["try", "haiku", "rain", "--home", str(begun.path)])

    assert code == 1
    assert f"{begun.secrets / 'postgres'}, which opens the rows in {begun.postgres}, is missing" in capsys.readouterr().err
    assert not (begun.secrets / "postgres").exists()


def test_a_key_that_is_none_is_refused(begun: Home) -> None:
    (begun.secrets / "signing.pem").write_text("once upon a time")

    with pytest.raises(Refused, match=r"signing\.pem holds no key"):
        make_key(begun)


@pytest.mark.parametrize("words", [["up", "--port", "0"], ["doctor"]])
def test_a_folder_that_is_closed_is_named(begun: Home, words: list[str]) -> None:
    begun.secrets.chmod(0)
    # Root may look into any; whom PostgreSQL runs as may not.
    command = [*choose_prefix(), sys.executable, "-m", "local.cli", *words, "--home", str(begun.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    begun.secrets.chmod(0o700)

    assert done.returncode == 1
    assert f"{begun.secrets} is closed" in done.stdout + done.stderr


def test_one_that_cannot_be_read_is_told_to_be_opened(begun: Home) -> None:
    (begun.secrets / "valkey").unlink()
    # What root cannot read either.
    (begun.secrets / "valkey").mkdir()
    (flaw,) = find_flaws(begun)

    assert flaw.says.startswith(f"{begun.secrets / 'valkey'} cannot be read: ")
    assert flaw.advice == f"Open it to yourself: chmod u+r {begun.secrets / 'valkey'}"
