"""`kotonoha token`: speak for a learner, also while nothing runs."""

import argparse
import sys

from local.home import find_home
from local.tokens import OPERATORS, token_for


def run(asked: argparse.Namespace) -> int:
    groups = (OPERATORS,) if asked.operator else ()
    sys.stdout.write(f"{token_for(find_home(asked.home), asked.user, groups)}\n")
    return 0
