"""The rows of the specification, and the tests that say they prove them."""

import csv
import importlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from infra_cdk.apps import RELEASED
from tests.house.tree import ROOT, committed

ROWS = ROOT / "infra_cdk" / "requirements.tsv"
TABLE = ROOT / "infra_cdk" / "REQUIREMENTS.md"
NOT_YET = ROOT / "infra_cdk" / "not_yet.txt"

HEAD = """# Every requirement, and the test that proves it

Written by `python -m tests.infra_cdk.requirement` from the marks on the tests; a test fails when it is out of date, or when
a row has neither a test nor a line in `not_yet.txt`, which may only become shorter. S are the specification's points, A the
arrows of its drawings. Where it contradicts itself, or asks for what AWS does not have, the last column says what stands in its
place, which is what the test proves; the reasons are in [DECISIONS.md](../DECISIONS.md), 41. It also names an app of the
repository that a row needs and that is not there yet.

A row is **proven** when a test of the templates, a simulation or the emulator shows what it asks for. A row of an app that no
release starts today is only **a template**: its test shows what would be deployed, and nothing of it runs; it becomes proven when
the app joins `RELEASED` in [apps.py](apps.py). What a row's app shares with the others (database, files, balancer) is there from
the first deployment on. **In an account** is what AWS alone can show: its test holds what AWS is told, and
[RUNBOOK.md](RUNBOOK.md) says where to look first.
"""

INSTEAD = {
    "Aurora copies without a break and knows no interval: any second of seven days but the last 5 minutes": "S028 S064 S110",
    "Aurora's volume grows by itself and knows neither a least nor a most: alarms at 80 and at 100 GiB": "S030",
    "a writer in one zone and a reader in another, which is what Multi-AZ is in Aurora": "S025 S061 S107",
    "one cluster and one proxy for all apps, a schema each": "S023 S059 S105 S029 S065 S111",
    "API Gateway before the portal's `/api/*`; streams and sockets, which a REST API cannot carry, past it": "S034 S035 S036",
    "the balancer before this app's `/api/*`: one API Gateway, where it is asked for by name": "S075",
    "a REST API has no JWT authorizer: Cognito's there, token checks at the balancer, and in the api always": "A070 A071",
    "no public certificate covers `.internal`: plain HTTP for our own tasks alone, TLS on the public name": "S039 S118 S122",
    "only models are elsewhere: one paints in another region, the text's answers in any of its profile's": "S002 S071 A009 A044",
    "tasks reach only the proxy, and the proxy the database": "A092",
    "an API and workers beside the frontend; its tasks ask no model, workers do": "S135 S136 A066 A067",
    "one task of each api on demand, all others on Spot": "S017 S053 S098 S128",
    "Streamlit on ECS, with learners who stay with their process": "S081",
    "a balancer writes its access log to S3, and nowhere else": "A078",
    "X-Ray alone draws it: the test draws what it is to show, of a haiku's spans by its exporter's rules": "A082",
}
"""What stands in the place of rows that contradict each other or what AWS has."""

APPS_BY_SECTION = {
    "Lang Portal": "lang-portal",
    "Haiku Generator": "haiku",
    "Vocab Generator": "vocab",
    "Writing Practice": "writing",
}
SHARED = (
    "Database",
    "Storage",
    "Network > ALB",
    "Networking > ALB",
    "Security > VPC",
    "Security > Encryption",
    "Security > WAF",
    "Security > Security groups",
    "Monitoring > Container insights",
    "PROXY -> Pool RDS",
)
"""How rows begin that ask an app for what all of them have together."""
SEEN_IN_AN_ACCOUNT = {"A082"}
"""X-Ray draws the map; a test can only draw, by what is written of X-Ray, what it is to show."""

NOT_THERE_YET = {"S009": "frontends/lang_portal", "S081": "frontends/vocab/app.py"}
"""What a row needs of the rest of the repository, as long as nothing of it is committed."""


class Row(NamedTuple):
    """One thing asked for."""

    id: str
    section: str
    text: str


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Ids, or spans of them such as S016-S022, of which only those exist that are rows."""
    return pytest.mark.requirement(*(one for each in ids for one in _spanned(each)))


def _spanned(given: str) -> Iterator[str]:
    first, _, last = given.partition("-")
    known = {row.id for row in read_rows()}
    wanted = [f"{first[0]}{number:03}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)]
    yield from (one for one in wanted if last == "" or one in known)


def read_rows() -> list[Row]:
    with ROWS.open(newline="") as file:
        return [Row(*line) for line in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_not_yet() -> list[str]:
    return NOT_YET.read_text().split() if NOT_YET.exists() else []


def proofs() -> dict[str, list[str]]:
    """Names of tests by the id they are marked with."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"tests.infra_cdk.{path.stem}")
        for test in _tests(module):
            for mark in getattr(test, "pytestmark", []):
                if mark.name == "requirement":
                    for one in mark.args:
                        found[one].append(f"{path.stem}::{test.__name__}")
    return found


def _tests(module: ModuleType) -> Iterator[Callable[..., object]]:
    yield from (each for name, each in vars(module).items() if name.startswith("test_") and callable(each))


def state(row: Row) -> str:
    """What stands for it today."""
    if row.id in SEEN_IN_AN_ACCOUNT:
        return "in an account"
    app = APPS_BY_SECTION.get(row.section.partition(" / ")[0])
    if app is None or app in {each.slug for each in RELEASED} or row.text.startswith(SHARED):
        return "proven"
    return f"template; `{app}` is not released"


def table() -> str:
    rows, found, waiting = read_rows(), proofs(), read_not_yet()
    count = Counter(state(row).partition(";")[0] for row in rows if row.id not in waiting)
    parts = [HEAD, f"\n{len(rows)} rows: {', '.join(f'{number} {name}' for name, number in count.most_common())}.\n"]
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            parts.append(f"\n## {section}\n\n| id | asked for | state | shown by | resolved, instead |\n|---|---|---|---|---|\n")
        proof = "<br>".join(f"`{name}`" for name in found.get(row.id, [])) or "not yet"
        parts.append(f"| {row.id} | {row.text} | {state(row)} | {proof} | {'; '.join(_notes(row.id))} |\n")
    return "".join(parts)


def _notes(one: str) -> Iterator[str]:
    yield from (instead for instead, ids in INSTEAD.items() if one in ids.split())
    if (needed := NOT_THERE_YET.get(one)) and not committed(f"{needed}*", f"{needed}/*"):
        yield f"waits for `{needed}`"


if __name__ == "__main__":
    TABLE.write_text(table())
