"""The command explains itself, loads little, and tells what to do next when it cannot do what was asked."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest

from core.errors import Refused, Unavailable
from local.arguments import make_parser
from local.cli import _complaint, main
from local.commands.try_haiku import kept_in_mind
from local.home import Home, write_whole
from local.pids import find_alive
from local.state import Running, State, write_state

HEAVY = ("asyncpg", "httpx", "litestar", "numpy", "onnxruntime", "rich", "uvicorn")


@pytest.fixture
def started_once(own_home: Home) -> Home:
    write_whole(own_home.issuer, b"http://127.0.0.1:8601")
    return own_home


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    written = capsys.readouterr()
    return code, written.out, written.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["up", "--help"],
        ["try", "--help"],
        ["try", "haiku", "--help"],
        ["requests", "--help"],
        ["requests", "list", "--help"],
        ["doctor", "--help"],
        ["reset", "--help"],
    ],
)
def test_help_fits_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with contextlib.suppress(SystemExit):
        main(arguments)

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= 80


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert (end.value.code, capsys.readouterr().out) == (0, f"kotonoha {version('kotonoha')}\n")


def test_what_can_be_done_with_requests_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["requests", "--help"])

    listed = capsys.readouterr().out
    assert "list      list requests, newest first" in listed
    assert all(f"\n    {action} " in listed for action in ("show", "follow", "retry", "cancel"))


def test_ctrl_c_while_the_command_is_still_loading_says_nothing() -> None:
    script = """
import sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "local.arguments":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from local.cli import main
sys.exit(main(["status"]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("arguments", [[], ["token"], ["status"], ["down"], ["doctor"]])
def test_small_questions_load_nothing_heavy(started_once: Home, arguments: Sequence[str]) -> None:
    home = ["--home", str(started_once.path)] if arguments else []
    script = f"""
import sys
from core.errors import Refused
from local.arguments import make_parser
from local.cli import main
main({[*arguments, *home]})
sys.stderr.write(" ".join(name for name in {HEAVY} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["dance"], "invalid choice: 'dance'"),
        (["up", "--port", "65533"], "'65533' is not a number from 0 to 65528"),
        (["up", "--port", "-1"], "'-1' is not a number"),
        (["up", "--workers", "many"], "'many' is not a number from 0 to 16"),
        (["up", "--workers", "3-1"], "its end comes before its beginning"),
        (["requests", "show", "mine"], "'mine' is not the id of a request"),
        (["requests", "list", "--status", "lost"], "invalid choice: 'lost'"),
        (["try", "haiku"], "required: TOPIC"),
    ],
)
def test_what_is_not_understood_is_named(capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)

    assert end.value.code == 2
    written = capsys.readouterr().err
    assert complaint in written
    assert "--help" in written


def test_nothing_running_is_an_empty_list_and_a_failure(capsys: pytest.CaptureFixture[str], own_home: Home) -> None:
    assert out_of(capsys, "status", "--home", str(own_home.path), "--json") == (1, "[]\n", "")


def test_status_leaves_out_what_has_died_and_whose_pid_somebody_else_has(
    capsys: pytest.CaptureFixture[str], own_home: Home
) -> None:
    with subprocess.Popen(["sleep", "100"]) as alive, subprocess.Popen(["true"]) as dead:
        dead.wait()
        parts = (
            Running("postgres", alive.pid, 5432, _started(alive.pid)),
            Running("valkey", dead.pid, 6379, "some boot:1"),
            Running("worker-1", alive.pid, None, "another boot:1"),
        )
        write_state(own_home, State(dead.pid, "some boot:1", "http://127.0.0.1:1", "http://127.0.0.1:2", parts))
        code, out, _ = out_of(capsys, "status", "--home", str(own_home.path), "--json")
        alive.kill()

    assert code == 0
    assert json.loads(out) == [{"name": "postgres", "pid": alive.pid, "port": 5432}]


def test_stopping_what_does_not_run_is_no_failure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = out_of(capsys, "down", "--home", str(tmp_path / "nowhere"))

    assert (code, out) == (0, f"Nothing runs in {tmp_path / 'nowhere'}.\n")
    assert not (tmp_path / "nowhere").exists()


def test_a_token_before_the_first_start_says_how_to_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, error = out_of(capsys, "token", "--home", str(tmp_path))

    assert (code, out) == (1, "")
    assert f"kotonoha up --home {tmp_path}" in error


def test_a_token_is_one_line(capsys: pytest.CaptureFixture[str], started_once: Home) -> None:
    code, out, error = out_of(capsys, "token", "--home", str(started_once.path), "--user", "はな")

    assert (code, error) == (0, "")
    assert out.count(".") == 2
    assert out.count("\n") == 1


def test_a_home_that_cannot_be_made_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, out, error = out_of(capsys, "up", "--json", "--home", str(tmp_path / "file" / "home"))

    assert (code, out) == (1, "")
    assert f"{tmp_path / 'file'}" in error
    assert "--home" in error


@pytest.mark.parametrize("arguments", [["down"], ["doctor"], ["status"], ["token"], ["requests", "list"], ["reset"], ["up"]])
def test_a_home_that_is_a_file_is_refused_by_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "file").touch()
    told = f"kotonoha: {tmp_path / 'file'} is a file, not a folder. Choose another with --home.\n"

    assert out_of(capsys, *arguments, "--home", str(tmp_path / "file")) == (1, "", told)
    assert out_of(capsys, *arguments, "--home", str(tmp_path / "file" / "home")) == (1, "", told)


def test_no_room_is_told_with_where_and_who_knows_more(own_home: Home) -> None:
    # A process that may write no byte to a file, as on a full disk.
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); from local.cli import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", script, "up", "--json", "--port", "0", "--home", str(own_home.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(f"kotonoha: {own_home.path}/")
    assert "[Errno" not in done.stderr
    assert done.stderr.endswith(f"kotonoha doctor --home {own_home.path}\n")
    assert list(own_home.path.glob("**/.*")) == []


def test_what_is_closed_to_its_owner_says_how_to_open_it(own_home: Home) -> None:
    own_home.issuer.touch()
    asked = make_parser().parse_args(["token", "--home", str(own_home.path)])
    mine = _complaint(PermissionError(13, "Permission denied", str(own_home.issuer)), asked)
    theirs = _complaint(PermissionError(13, "Permission denied", str(own_home.path / "nowhere")), asked)

    assert mine.endswith(f"It is yours; open it: chmod u+rwX {own_home.issuer}")
    assert theirs.endswith("Choose another folder with --home, or be who owns it.")


def test_a_terminal_without_japanese_gets_question_marks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local.cli"], capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii", "PATH": ""}
    )

    assert b"Kotonoha ???" in done.stdout


def _started(pid: int) -> str:
    alive = find_alive(pid)
    assert alive is not None
    return alive.started


def test_a_topic_of_several_words_needs_no_quotes() -> None:
    asked = make_parser().parse_args(["try", "haiku", "autumn", "rain", "--json"])

    assert (asked.topic, asked.json) == (["autumn", "rain"], True)


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("", "it is empty"),
        (" \u3000", "it is empty"),
        ("x" * 201, "it has 201 characters; at most 200 are taken"),
        ("rain\x1b[2J", "it contains control characters"),
    ],
)
def test_what_is_no_topic_is_refused_before_anything_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, topic: str, reason: str
) -> None:
    told = out_of(capsys, "try", "haiku", topic, "--home", str(tmp_path / "home"), "--out", str(tmp_path / "files"))

    assert told == (1, "", f"kotonoha: The text cannot be taken: {reason}.\n")
    assert list(tmp_path.iterdir()) == []


def test_whoever_loses_the_way_to_what_was_accepted_is_told_how_to_find_it(own_home: Home) -> None:
    with pytest.raises(Unavailable) as lost, kept_in_mind(own_home, {"id": "0198"}):
        raise Unavailable("The API cannot be reached (ConnectError).")

    assert lost.value.message.splitlines() == [
        "The API cannot be reached (ConnectError). The request 0198 is kept, and goes on when Kotonoha runs again.",
        f"  Start it:  kotonoha up --home {own_home.path}",
        f"  Follow it: kotonoha requests follow 0198 --home {own_home.path}",
    ]


def test_a_folder_that_cannot_be_is_refused_before_anybody_works(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, out, error = out_of(capsys, "try", "haiku", "rain", "--home", str(tmp_path / "home"), "--out", str(tmp_path / "file"))

    assert (code, out) == (1, "")
    assert "Choose another folder with --out" in error
    assert not (tmp_path / "home").exists()


def test_a_place_where_nothing_can_be_kept_is_refused_before_anybody_works(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not even root can make a folder there.
    monkeypatch.chdir("/proc")
    code, out, error = out_of(capsys, "try", "haiku", "rain", "--home", str(tmp_path / "home"))

    assert (code, out) == (1, "")
    assert error.startswith("kotonoha: Nothing can be kept in /proc: ")
    assert "--out" in error
    assert not (tmp_path / "home").exists()


def test_a_home_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """Also by root, who could."""
    theirs = tmp_path / "home"
    theirs.mkdir()
    if os.geteuid() == 0:
        os.chown(theirs, 12_345, 12_345)
    else:
        theirs = Path("/")

    with pytest.raises(Refused, match="belongs to"):
        Home(theirs).make()
    assert list(tmp_path.glob("home/*")) == []
