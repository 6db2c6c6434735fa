"""A part of the platform: one child program, and how to know that it is ready."""

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).parent / "leash.py"
ROOT = Path(__file__).parent.parent


async def at_once(_: int) -> bool:
    """For parts that serve nobody directly: being started is being ready."""
    return True


@dataclass(frozen=True)
class Part:
    """`become` runs before the leash and changes who the part is (unshare, setpriv); `ready` is asked with the pid.

    `health` is where a server answers 200 over HTTP while it is well.
    """

    name: str
    label: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    become: tuple[str, ...] = ()
    port: int | None = None
    folder: Path = ROOT
    stop: signal.Signals = signal.SIGTERM
    death: signal.Signals = signal.SIGKILL
    ready: Callable[[int], Awaitable[bool]] = at_once
    health: str | None = None

    @property
    def leashed(self) -> list[str]:
        """The whole command. -I and -S keep the leash to the standard library, so that it costs some 20 ms."""
        leash = (sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(self.death)))
        return [*self.become, *leash, *self.command]


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of ours with this very Python."""
    return (sys.executable, "-m", name, *arguments)
