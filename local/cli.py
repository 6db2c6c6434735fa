"""The `kotonoha` command: reads what was asked, and loads only the subcommand that answers it."""

import contextlib
import importlib
import io
import sys
from collections.abc import Sequence

from core.errors import KotonohaError


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
    except (KotonohaError, OSError) as error:
        sys.stderr.write(f"kotonoha: {_complaint(error)}\n")
        return 1


def _answer(arguments: Sequence[str] | None) -> int:
    # Imported here: whoever presses Ctrl-C in the first tenth of a second should not see where that met us.
    from local.arguments import make_parser

    parser = make_parser()
    asked = parser.parse_args(arguments)
    if asked.command is None:
        parser.print_help()
        return 0
    code: int = importlib.import_module(f"local.commands.{asked.command}").run(asked)
    return code


def _complaint(error: KotonohaError | OSError) -> str:
    if isinstance(error, KotonohaError):
        return error.message
    if isinstance(error, PermissionError):
        return f"{error.filename} is somebody else's. Choose another folder with --home, or be who owns it."
    return str(error) or type(error).__name__


def _never_fail_for_a_character() -> None:
    """A terminal that cannot show 言の葉 gets question marks instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # what pytest puts there may lack it


if __name__ == "__main__":
    sys.exit(main())
