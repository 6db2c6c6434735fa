"""Neighbouring ports: api, identity, PostgreSQL, Valkey, one for each app in the browser, traces, and the fakes of Amazon."""

import random
import socket
from typing import NamedTuple

from core.errors import Conflict, Forbidden, Unavailable
from local.apps import App
from local.listeners import find_listener

BASE_PORT = 8600
UNPRIVILEGED_BASE = 8080
WHY_CLOSED = "ports below 1024 are not for ordinary users"

# Below the range the kernel hands to outgoing connections (32768 up): a client waiting for its server to come
# back could be given that very port, connect to itself and keep the server out for good.
LOWEST, HIGHEST = 12_000, 32_000
LABELS = (
    "api",
    "identity",
    "PostgreSQL",
    "Valkey",
    "Haiku Generator",
    "traces",
    "the fakes of Bedrock and Polly",
    "the fake of S3",
)


class Ports(NamedTuple):
    """In the order of `LABELS`."""

    api: int
    identity: int
    postgres: int
    valkey: int
    haiku: int
    traces: int
    fakes: int
    s3: int

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api}"

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.identity}"

    @property
    def traces_url(self) -> str:
        return f"http://127.0.0.1:{self.traces}"

    @property
    def fakes_url(self) -> str:
        return f"http://127.0.0.1:{self.fakes}"

    @property
    def s3_url(self) -> str:
        return f"http://127.0.0.1:{self.s3}"

    def of(self, app: App) -> int:
        port: int = getattr(self, app.name)
        return port

    def address_of(self, app: App) -> str:
        return f"http://127.0.0.1:{self.of(app)}"


def choose_ports(base: int) -> Ports:
    """Those from `base` on, or any free ones for 0. Raises Conflict naming one that is taken, Forbidden one that is closed."""
    return _from(base) if base else _anywhere()


def neighbours(base: int) -> Ports:
    return Ports(*range(base, base + len(LABELS)))


def _from(base: int) -> Ports:
    ports = neighbours(base)
    for label, port in zip(LABELS, ports, strict=True):
        if is_closed(port):
            raise Forbidden(
                f"Port {port}, meant for {label}, is closed to you: {WHY_CLOSED}. Choose others: --port {UNPRIVILEGED_BASE}"
            )
        if not is_free(port):
            raise Conflict(
                f"Port {port}, meant for {label}, is taken{_by_whom(port)}. "
                f"Choose other ports, for example with --port {base + 100}, or any free ones with --port 0."
            )
    return ports


def _anywhere() -> Ports:
    for base in random.sample(range(LOWEST, HIGHEST, len(LABELS)), 200):
        ports = neighbours(base)
        if all(is_free(port) for port in ports):
            return ports
    raise Unavailable("No neighbouring ports are free on this machine. Choose some with --port.")


def is_free(port: int) -> bool:
    try:
        _bind(port)
    except OSError:
        return False
    return True


def is_closed(port: int) -> bool:
    """Whoever has it or not, we may not (ip_unprivileged_port_start in ip(7))."""
    try:
        _bind(port)
    except OSError as error:
        return isinstance(error, PermissionError)
    return False


def _bind(port: int) -> None:
    with socket.socket() as probe:
        # Without this, connections of an earlier run that linger in TIME_WAIT would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def _by_whom(port: int) -> str:
    listener = find_listener(port)
    return f" by {listener}" if listener else ""
