"""What can be asked on the command line."""

import argparse
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import NoReturn, get_args
from uuid import UUID

from core.contracts.request import Product, RequestStatus
from local.environment import Providers
from local.ports import BASE_PORT, LABELS

OVERVIEW = """\
Kotonoha 言の葉, leaves of words: Japanese practice on one machine.

  kotonoha up                       start everything; Ctrl-C stops it
  kotonoha try haiku "autumn rain"  a poem, three pictures, three recordings
  kotonoha status                   what runs
  kotonoha requests list            what was asked for, and how it goes
  kotonoha token                    an access token, for curl and scripts
  kotonoha doctor                   what is wrong here, and what to do
  kotonoha reset                    forget everything and begin afresh
  kotonoha down                     stop what runs

Everything lives in one folder: .kotonoha here, or --home DIR, or
$KOTONOHA_HOME. `kotonoha COMMAND --help` explains one command.
"""
HOME = "folder with rows, media, secrets and logs (default: $KOTONOHA_HOME, else .kotonoha)"
ACTIONS_ON_ONE = {
    "show": "Show one request and its jobs.",
    "follow": "Show what happens to a request, from its first event to its end. Exit code 1 when it did not succeed.",
    "retry": "Try again what failed; what succeeded is kept.",
    "cancel": "Stop a request.",
}
MAX_WORKERS = 16
HIGHEST_BASE_PORT = 65_536 - len(LABELS)


class Parser(argparse.ArgumentParser):
    """argparse that shows where to read on, and the overview instead of its own list of commands."""

    overview: str | None = None

    def format_help(self) -> str:
        return self.overview or super().format_help()

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"kotonoha: {message}\nSee: {self.prog} --help\n")


class Version(argparse.Action):
    """Looked up only for whoever asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"kotonoha {version('kotonoha')}\n")
        parser.exit()


def make_parser() -> Parser:
    parser = Parser(prog="kotonoha")
    parser.overview = OVERVIEW
    parser.add_argument("--version", action=Version, nargs=0)
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    _add_up(commands)
    _add_down(commands)
    _add_status(commands)
    _add_token(commands)
    _add_try(commands)
    _add_requests(commands)
    _add_doctor(commands)
    _add_reset(commands)
    return parser


Commands = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns


def _add_up(commands: "Commands[Parser]") -> None:
    up = commands.add_parser("up", description="Start everything and keep it alive until Ctrl-C or `kotonoha down`.")
    up.add_argument("--home", metavar="DIR", help=HOME)
    up.add_argument(
        "--port",
        type=_between(0, HIGHEST_BASE_PORT),
        default=BASE_PORT,
        metavar="N",
        help="the API's port; the other parts take those after it; 0: any free ones (default: %(default)s)",
    )
    up.add_argument(
        "--workers",
        type=_workers,
        default="1-4",
        metavar="N",
        help="worker processes; MIN-MAX: as many as there is work for (default: %(default)s)",
    )
    _add_providers(up)
    up.add_argument("--no-frontends", action="store_true", help="leave the apps in the browser out")
    up.add_argument("--json", action="store_true", help="print one line of JSON once everything is ready, and nothing else")
    up.set_defaults(command="up")


def _add_providers(parser: Parser) -> None:
    parser.add_argument(
        "--providers",
        choices=get_args(Providers),
        help="who writes, paints and speaks: this machine; Amazon's services as fakes that run here; or those of the account "
        "the environment names. A home keeps to those it began with (default of a new one: $KOTONOHA_PROVIDERS, else local)",
    )


def _add_down(commands: "Commands[Parser]") -> None:
    down = commands.add_parser("down", description="Stop what runs in a home, and wait until it is gone.")
    down.add_argument("--home", metavar="DIR", help=HOME)
    down.set_defaults(command="down")


def _add_status(commands: "Commands[Parser]") -> None:
    status = commands.add_parser("status", description="Show what runs in a home. Exit code 1 when nothing does.")
    status.add_argument("--home", metavar="DIR", help=HOME)
    status.add_argument("--json", action="store_true", help='print [{"name", "pid", "port"}]')
    status.set_defaults(command="status")


def _add_token(commands: "Commands[Parser]") -> None:
    token = commands.add_parser("token", description="Print an access token. It is good for twelve hours.")
    token.add_argument("--home", metavar="DIR", help=HOME)
    token.add_argument("--user", default="demo", metavar="NAME", help="a learner of any name (default: %(default)s)")
    token.add_argument("--operator", action="store_true", help="one of those who may use /api/ops as well")
    token.set_defaults(command="token")


def _add_try(commands: "Commands[Parser]") -> None:
    attempt = commands.add_parser("try", description="Do the main thing once, from the terminal.")
    products = attempt.add_subparsers(title="things to try", metavar="THING", required=True, parser_class=Parser)
    haiku = products.add_parser(
        "haiku",
        help="a poem, three pictures, three recordings",
        description="Ask for a haiku, watch it grow, keep it: haiku.json, line-1..3.png and line-1..3.mp3. "
        "Uses the Kotonoha that runs in the home, or starts one for the occasion.",
    )
    haiku.add_argument("topic", metavar="TOPIC", nargs="+", help='in any language, for example "autumn rain"')
    haiku.add_argument("--home", metavar="DIR", help=HOME)
    haiku.add_argument(
        "--out", metavar="DIR", help="folder for the files; an earlier haiku in it gives way (default: ./haiku-TOPIC)"
    )
    _add_providers(haiku)
    haiku.add_argument("--json", action="store_true", help="print one object, {request, haiku, files, seconds}, and nothing else")
    haiku.set_defaults(command="try_haiku")


def _add_requests(commands: "Commands[Parser]") -> None:
    requests = commands.add_parser("requests", description="What a learner asked for, on the Kotonoha that runs in a home.")
    actions = requests.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=Parser)
    listing = _add_request_action(actions, "list", "List requests, newest first.")
    listing.add_argument("--product", choices=get_args(Product), metavar="P", help="of one product only, such as haiku")
    listing.add_argument("--status", choices=get_args(RequestStatus), metavar="S", help="of one status only, such as failed")
    listing.add_argument("--limit", type=_between(1, 100), default=20, metavar="N", help="how many (default: %(default)s)")
    listing.add_argument("--cursor", type=_request_id, metavar="ID", help="only those before this one, the last you have seen")
    for action, description in ACTIONS_ON_ONE.items():
        _add_request_action(actions, action, description).add_argument("id", type=_request_id, metavar="ID")


def _add_request_action(actions: "Commands[Parser]", action: str, description: str) -> Parser:
    parser = actions.add_parser(action, help=description.partition(".")[0].lower(), description=description)
    parser.add_argument("--home", metavar="DIR", help=HOME)
    parser.add_argument("--user", default="demo", metavar="NAME", help="a learner of any name (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print what the API answers, and nothing else")
    parser.set_defaults(command="requests", action=action)
    return parser


def _add_doctor(commands: "Commands[Parser]") -> None:
    doctor = commands.add_parser(
        "doctor", description="Look at this machine, a home and what runs in it. Exit code 1 when something is wrong."
    )
    doctor.add_argument("--home", metavar="DIR", help=HOME)
    doctor.add_argument(
        "--port",
        type=_between(1, HIGHEST_BASE_PORT),
        default=BASE_PORT,
        metavar="N",
        help="the port `up` will use (default: %(default)s)",
    )
    doctor.add_argument("--json", action="store_true", help='print [{"name", "ok", "says", "advice"}]')
    doctor.set_defaults(command="doctor")


def _add_reset(commands: "Commands[Parser]") -> None:
    reset = commands.add_parser(
        "reset",
        description="Delete every row, picture, recording and log of a home. Its secrets stay, so that tokens and sign-ins go on "
        "working. Refused while something runs there.",
    )
    reset.add_argument("--home", metavar="DIR", help=HOME)
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.add_argument("--json", action="store_true", help='print {"home", "deleted", "bytes"}; needs --yes')
    reset.set_defaults(command="reset")


def _between(lowest: int, highest: int) -> Callable[[str], int]:
    def number(given: str) -> int:
        if given.isascii() and given.isdecimal() and lowest <= int(given) <= highest:
            return int(given)
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from {lowest} to {highest}")

    return number


def _workers(given: str) -> tuple[int, int]:
    """At least and at most."""
    number = _between(0, MAX_WORKERS)
    least, dash, most = given.partition("-")
    try:
        span = number(least), number(most if dash else least)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 0 to {MAX_WORKERS}, nor a range like 1-4") from error
    if span[0] > span[1]:
        raise argparse.ArgumentTypeError(f"{given!r} is not a range like 1-4: its end comes before its beginning")
    return span


def _request_id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{given!r} is not the id of a request") from error
