"""`kotonoha doctor`: look at everything, say what is wrong and what to do next."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable

import msgspec

from core.errors import Refused
from local.examination import Finding, examine
from local.home import Home, find_home
from local.state import find_running

NAME_CELLS = 11


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    findings = []
    for found in (examine(home, asked.port), _of_bucket(home), _of_parts(home)):
        for finding in found:
            findings.append(finding)
            if not asked.json:
                _show(finding)
    wrong = sum(not finding.ok for finding in findings)
    sys.stdout.write(f"{msgspec.json.encode(findings).decode()}\n" if asked.json else f"\n{_sum_up(wrong)}\n")
    return 1 if wrong else 0


def _of_bucket(home: Home) -> Iterable[Finding]:
    from local.bucket import examine_bucket, where_files_are

    try:
        return asyncio.run(examine_bucket(where_files_are(home, os.environ)))
    except Refused as refused:
        return [Finding("storage", False, "nobody knows where files are kept", refused.message)]


def _of_parts(home: Home) -> Iterable[Finding]:
    state = find_running(home)
    if state is None:
        return ()
    # Imported here: whoever misses a package should still be told which.
    from local.health import examine_running

    return asyncio.run(examine_running(home, state))


def _show(finding: Finding) -> None:
    """At once, and without a package for it."""
    mark = "✓" if finding.ok else "✗"
    sys.stdout.write(f"  {mark} {finding.name:<{NAME_CELLS}} {finding.says}\n")
    if finding.advice:
        sys.stdout.write(f"    → {finding.advice}\n")
    sys.stdout.flush()


def _sum_up(wrong: int) -> str:
    return "All is well." if wrong == 0 else f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong."
