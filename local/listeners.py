"""Who listens on a port, as far as /proc lets us see."""

from pathlib import Path

LISTEN = "0A"


def find_listener(port: int) -> str | None:
    """Like "nginx (pid 812)"; None when nobody listens or it belongs to another user."""
    sockets = _listening_sockets(port)
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) in sockets:
                return _named(link.parts[2])
        except OSError:
            continue
    return None


def _listening_sockets(port: int) -> set[str]:
    """Columns of /proc/net/tcp: 1 is the local address (hex:hex), 3 the state, 9 the inode."""
    rows = [row.split() for table in ("tcp", "tcp6") for row in _rows(Path("/proc/net") / table)]
    return {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == LISTEN}


def _rows(table: Path) -> list[str]:
    return table.read_text().splitlines()[1:] if table.exists() else []


def _named(pid: str) -> str:
    return f"{(Path('/proc') / pid / 'comm').read_text().strip()} (pid {pid})"
