"""A home keeps its secrets, its rows and its place."""

from pathlib import Path

import pytest

from core.errors import Refused
from local.home import Home, find_home, write_once
from local.logs import LIMIT_BYTES, last_lines, open_log
from local.postgres import make_postgres


def test_nobody_else_may_look_in(own_home: Home) -> None:
    own_home.secret("links")

    assert {path.stat().st_mode & 0o077 for path in (own_home.path, *own_home.path.rglob("*"))} == {0}


def test_a_secret_stays_what_it_was(own_home: Home) -> None:
    first = own_home.secret("links")

    assert own_home.secret("links") == first
    assert own_home.secret("postgres") != first
    assert len(first) >= 32


def test_the_first_writer_wins(tmp_path: Path) -> None:
    def write_late() -> bytes:
        (tmp_path / "file").write_bytes(b"first")
        return b"second"

    assert write_once(tmp_path / "file", write_late) == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_folder_is_chosen_by_option_then_variable_then_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KOTONOHA_HOME", raising=False)
    assert find_home(None).path == tmp_path / ".kotonoha"

    monkeypatch.setenv("KOTONOHA_HOME", "there")
    assert find_home(None).path == tmp_path / "there"
    assert find_home("here").path == tmp_path / "here"


def test_rows_of_another_postgres_are_refused_with_the_way_out(own_home: Home) -> None:
    own_home.postgres.mkdir()
    (own_home.postgres / "PG_VERSION").write_text("15\n")

    with pytest.raises(Refused, match=r"(?s)written by PostgreSQL 15.*pg_dump"):
        make_postgres(own_home, 5432)


def test_a_log_that_grew_too_long_makes_way(own_home: Home) -> None:
    with open_log(own_home, "api") as log:
        log.write(b"x" * (LIMIT_BYTES + 1))
    with open_log(own_home, "api") as log:
        log.write(b"anew")

    assert {path.name: path.stat().st_size for path in own_home.logs.iterdir()} == {"api.log": 4, "api.log.1": LIMIT_BYTES + 1}


def test_the_end_of_a_log_fits_a_screen(own_home: Home) -> None:
    with open_log(own_home, "api") as log:
        log.write(b"before\n")
        start = log.tell()
        log.write(b"\n".join(b"%d %b" % (number, b"x" * 5000) for number in range(100)))

    end = last_lines(own_home.logs / "api.log", start)
    assert len(end.splitlines()) == 12
    assert max(map(len, end.splitlines())) <= 402
