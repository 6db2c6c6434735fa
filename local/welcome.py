"""What `kotonoha up` says: to a person, or to a program."""

import contextlib
import os
import sys
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.text import Text

from local.apps import App
from local.command import command
from local.environment import Providers
from local.home import Home
from local.ports import Ports

LABEL_CELLS = 11

MADE_WITH: dict[Providers, str] = {
    "local": "the tools of this machine",
    "fake-aws": "the account's code, on stand-ins for Amazon that run here: nobody is called, and nothing is paid",
    "aws": "Amazon's services, each call paid by the account the environment names",
}


class Welcome:
    """Each part as it becomes ready, then where everything is, then the farewell."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._console = Console(highlight=False, soft_wrap=True)
        self._status = self._console.status("Starting")

    def begin(self, providers: Providers) -> None:
        first = "" if self._home.postgres.exists() else " (the first start takes a little longer)"
        self._console.print(f"[bold]Kotonoha 言の葉[/] starts{first}")
        self._console.print(Text(f"  with {MADE_WITH[providers]}", style="dim"))
        if self._console.is_terminal:
            self._status.start()

    def tell(self, label: str, seconds: float) -> None:
        self._console.print(f"  [green]✓[/] {label:<{LABEL_CELLS}} [dim]{seconds:4.1f} s[/]")

    def warn(self, sentence: str) -> None:
        """A terminal that is gone or a full disk is no reason to leave a part dead; of a closed pipe rich makes an exit."""
        with contextlib.suppress(OSError, SystemExit):
            self._warn(sentence)

    def _warn(self, sentence: str) -> None:
        self._console.print(Text.assemble(("  ! ", "yellow"), sentence, (f" Its log is in {self._home.logs}", "dim")))

    def ready(self, ports: Ports, seconds: float, apps: Sequence[App] = ()) -> None:
        self._status.stop()
        print_line = self._console.print
        print_line(f"\n[bold]Ready in {seconds:.1f} s.[/]\n")
        for label, where in self._places(ports, apps):
            print_line(Text(f"  {label:<{LABEL_CELLS}} {where}"))
        print_line("\nTry it from another terminal:\n")
        for line in self._examples(ports):
            print_line(Text(f"  {line}", style="cyan"))
        print_line(Text.assemble("\nStop with Ctrl-C here, or there with:\n\n  ", (command(self._home, "down"), "cyan")))

    def idle(self) -> None:
        """There are no workers, and none will come."""
        self._console.print(
            Text.assemble(("\n  ! ", "yellow"), "Nothing is made without workers. To have some, leave --workers out.")
        )

    def stopping(self) -> None:
        with contextlib.suppress(OSError, SystemExit):
            self._status.stop()
            self._console.print("\nStopping …")

    def close(self) -> None:
        """However it ends, the cursor is there again."""
        self._status.stop()

    def stopped(self) -> None:
        self._console.print(Text(f"Stopped. Everything is kept in {self._home.path}."))

    def _places(self, ports: Ports, apps: Sequence[App]) -> list[tuple[str, str]]:
        return [
            *((app.title, ports.address_of(app) if app.is_built else "not built yet: make setup") for app in apps),
            ("API", ports.api_url),
            ("Reference", f"{ports.api_url}/schema"),
            ("Sign-in", f"{ports.issuer} (learner: demo, no password)"),
            ("Traces", ports.traces_url),
            ("Logs", str(self._home.logs)),
        ]

    def _examples(self, ports: Ports) -> list[str]:
        token = command(self._home, "token")
        return [
            command(self._home, "try haiku", '"autumn rain"'),
            f'curl -H "Authorization: Bearer $({token})" {ports.api_url}/api/haiku',
        ]


class OneLine:
    """One line of JSON once everything is ready; the logs know the rest."""

    def begin(self, providers: Providers) -> None:
        pass

    def tell(self, label: str, seconds: float) -> None:
        pass

    def warn(self, sentence: str) -> None:
        pass

    def ready(self, ports: Ports, seconds: float, apps: Sequence[App]) -> None:
        pages = {app.name: ports.address_of(app) for app in apps if app.is_built}
        places = {"api": ports.api_url, "traces": ports.traces_url, **pages}
        line = {"ready": True, **places, "pid": os.getpid(), "seconds": round(seconds, 2)}
        sys.stdout.write(f"{msgspec.json.encode(line).decode()}\n")
        sys.stdout.flush()

    def idle(self) -> None:
        pass

    def stopping(self) -> None:
        pass

    def close(self) -> None:
        pass

    def stopped(self) -> None:
        pass
