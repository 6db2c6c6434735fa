"""The `kotonoha` command: reads what was asked, and loads only the subcommand that answers it."""

import argparse
import contextlib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import KotonohaError, Unavailable


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 refused or failed, 2 not understood, 130 interrupted."""
    _never_fail_for_a_character()
    try:
        return _answer(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not try to flush it once more.
        sys.stdout = io.StringIO()
        return 1
    except KotonohaError as error:
        sys.stderr.write(f"kotonoha: {error.message}\n")
        return 1


def _answer(arguments: Sequence[str] | None) -> int:
    # Imported here: whoever presses Ctrl-C in the first tenth of a second should not see where that met us.
    from local.arguments import make_parser

    parser = make_parser()
    asked = parser.parse_args(arguments)
    if asked.command is None:
        parser.print_help()
        return 0
    return _run(asked)


def _run(asked: argparse.Namespace) -> int:
    try:
        code: int = importlib.import_module(f"local.commands.{asked.command}").run(asked)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unavailable(_complaint(error, asked)) from error
    return code


def _complaint(error: OSError, asked: argparse.Namespace) -> str:
    from local.command import where_to_ask
    from local.home import find_home

    reason = error.strerror or str(error) or type(error).__name__
    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename} is closed to you: {reason}. {_way_in(error.filename)}"
    what = f"{error.filename}: {reason}" if error.filename else reason
    return f"{what}. {where_to_ask(find_home(asked.home))}"


def _way_in(closed: str) -> str:
    from local.command import chmod

    with contextlib.suppress(OSError):
        if Path(closed).stat().st_uid == os.geteuid():
            return f"It is yours; open it: {chmod('u+rwX', Path(closed))}"
    return "Choose another folder with --home, or be who owns it."


def _never_fail_for_a_character() -> None:
    """A terminal that cannot show 言の葉 gets question marks instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # what pytest puts there may lack it


if __name__ == "__main__":
    sys.exit(main())
