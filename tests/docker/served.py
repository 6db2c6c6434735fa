"""A server that a test starts, asks and ends."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def served(command: Sequence[str], environment: Mapping[str, str], address: str, cwd: Path) -> Iterator[httpx.Client]:
    """A client of what the command serves at the address, which is given a minute to come up. It is ended whatever comes."""
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            with httpx.Client(base_url=address, transport=httpx.HTTPTransport(retries=8), trust_env=False) as client:
                yield client
        finally:
            server.terminate()
