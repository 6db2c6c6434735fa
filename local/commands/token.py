"""`kotonoha token`: speak for a learner, also while nothing runs."""

import argparse
import sys

from core.errors import NotFound
from local.clients import CLI
from local.home import Home, find_home
from local.tokens import make_key, sign_access, sign_in_now


def run(asked: argparse.Namespace) -> int:
    sys.stdout.write(f"{make_token(find_home(asked.home), asked.user)}\n")
    return 0


def make_token(home: Home, name: str) -> str:
    """Raises NotFound before the first start, Invalid for what is no name."""
    try:
        issuer = home.issuer.read_text()
    except OSError as error:
        raise NotFound(f"There is no Kotonoha in {home.path} yet. Start it first: kotonoha up --home '{home.path}'") from error
    return sign_access(make_key(home), issuer, sign_in_now(name, CLI))
