"""Production once more, with one value changed that only one stack is told: `python -m tests.infra_cdk.changed FOLDER`."""

import sys
from dataclasses import replace
from typing import Any

from infra_cdk.app import build
from infra_cdk.config import PROD

MONITOR = "arn:aws:ce::111122223333:anomalymonitor/00000000-0000-0000-0000-000000000000"
CHANGED: dict[str, dict[str, Any]] = {
    "Network": {"nat_gateways": 3},
    "Stores": {"database_instances": 1},
    "Platform": {"alarm_email": "somebody@app-dw.net"},
    "Pipelines": {"branch": "release"},
    "Observability": {"budget_usd": 701, "spending_monitor": MONITOR},
}
"""Values of the configuration by the one stack whose template they may change."""


def main(folder: str) -> None:
    values = {name: value for changes in CHANGED.values() for name, value in changes.items()}
    build(replace(PROD, **values), folder).synth()


if __name__ == "__main__":
    main(sys.argv[1])
