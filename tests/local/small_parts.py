"""Platforms of small parts: `python -m tests.local.small_parts HOME` runs one until it is killed."""

import asyncio
import sys
from pathlib import Path

from local.home import Home
from local.layout import Layout
from local.logs import log_path
from local.part import Part, module
from local.ports import Ports
from local.probes import answers_http, says
from local.supervisor import running

WAIT = "import signal; signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause(); signal.pause()"
MOTHER = "import signal, subprocess; subprocess.Popen(['sleep', '1000']); print('born', flush=True); signal.pause()"


def part(name: str, script: str = WAIT) -> Part:
    return Part(name, name.capitalize(), (sys.executable, "-c", script))


def server(port: int) -> Part:
    command = module("http.server", str(port), "--bind", "127.0.0.1")
    return Part("server", "Server", command, port=port, ready=answers_http(port, "/"), health="/")


def deaf(home: Home) -> Part:
    """Does not hear SIGTERM."""
    return Part("deaf", "Deaf", (sys.executable, "-c", DEAF), ready=says(log_path(home, "deaf"), b"deaf"))


def mother(home: Home) -> Part:
    """Has a child of her own."""
    return Part("mother", "Mother", (sys.executable, "-c", MOTHER), ready=says(log_path(home, "mother"), b"born"))


async def small(home: Home, ports: Ports) -> Layout:
    """One that listens, one with a child of its own."""
    return Layout((server(ports.api),), part("migrations", "pass"), (mother(home),))


async def main() -> None:
    async with running(Home(Path(sys.argv[1])), 0, small, lambda *_: None):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
