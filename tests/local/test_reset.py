"""Beginning afresh: everything goes that was made, nothing that signs, and never by accident."""

import json
from pathlib import Path

import pytest

from local.claim import claim_now
from local.cli import main
from local.home import Home, write_whole
from local.store import Store, choose_store, keep_to
from local.tokens import token_for


@pytest.fixture
def lived_in(own_home: Home) -> Home:
    write_whole(own_home.issuer, b"http://127.0.0.1:8601")
    token_for(own_home, "demo")
    own_home.postgres.mkdir()
    (own_home.postgres / "PG_VERSION").write_text("18\n")
    (own_home.media / "artifacts").mkdir()
    (own_home.media / "artifacts" / "picture.png").write_bytes(b"x" * 1000)
    keep_to(own_home, Store("fake-aws"))
    return own_home


def everything(home: Home) -> set[str]:
    return {path.name for path in home.path.iterdir()}


def test_what_was_made_goes_and_what_signs_stays(capsys: pytest.CaptureFixture[str], lived_in: Home) -> None:
    key = (lived_in.secrets / "signing.pem").read_bytes()
    code = main(["reset", "--home", str(lived_in.path), "--yes", "--json"])
    answer = json.loads(capsys.readouterr().out)

    assert code == 0
    assert answer == {"home": str(lived_in.path), "deleted": ["postgres", "valkey", "media", "logs"], "bytes": 1003}
    assert everything(lived_in) == {"secrets", "issuer", "lock"}
    assert (lived_in.secrets / "signing.pem").read_bytes() == key
    assert choose_store(lived_in, "local", {}) == Store("local")


def test_doing_it_again_finds_nothing(capsys: pytest.CaptureFixture[str], lived_in: Home) -> None:
    main(["reset", "--home", str(lived_in.path), "--yes"])
    capsys.readouterr()
    code = main(["reset", "--home", str(lived_in.path), "--yes"])

    assert (code, capsys.readouterr().out) == (0, f"There was nothing left to delete in {lived_in.path}.\n")


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_where_nobody_can_be_asked_nothing_is_deleted(capsys: pytest.CaptureFixture[str], lived_in: Home, how: list[str]) -> None:
    before = everything(lived_in)
    code = main(["reset", "--home", str(lived_in.path), *how])

    assert code == 1
    assert "--yes" in capsys.readouterr().err
    assert everything(lived_in) == before | {"lock"}


def test_what_runs_is_not_reset(capsys: pytest.CaptureFixture[str], lived_in: Home) -> None:
    with claim_now(lived_in) as ours:
        code = main(["reset", "--home", str(lived_in.path), "--yes"])

    assert ours
    assert code == 1
    assert f"kotonoha down --home {lived_in.path}" in capsys.readouterr().err
    assert (lived_in.media / "artifacts" / "picture.png").exists()


def test_a_folder_that_is_no_home_is_left_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    code = main(["reset", "--home", str(tmp_path), "--yes"])

    assert code == 1
    assert "There is no Kotonoha" in capsys.readouterr().err
    assert (tmp_path / "media").exists()
