"""Synthesise one deployment and judge it: `python -m infra_cdk.app [prod|dev] [--out build/cloud]`. Needs no account."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra_cdk.config import DEPLOYMENTS, REGION, ZONES, Deployment
from infra_cdk.judge import read_findings, unacknowledged
from infra_cdk.topology import Topology


def main(arguments: Sequence[str]) -> int:
    asked = read_arguments(arguments)
    app = build(DEPLOYMENTS[asked.deployment], asked.out)
    if asked.unjudged:
        app.synth()
        return 0
    return judge(app, Path(asked.out))


def build(deployment: Deployment, out: str) -> App:
    """The topology, to be synthesised into the folder `out`."""
    # Known beforehand, or the CDK would ask the account.
    zones = {f"availability-zones:account={deployment.account}:region={REGION}": list(ZONES)}
    app = App(outdir=out, context=zones)
    Topology(app, deployment)
    return app


def judge(app: App, out: Path) -> int:
    """Every finding is in the report; only those nobody acknowledged are a failure."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    found = read_findings(out)
    left = unacknowledged(found)
    sys.stdout.write(f"{len(found)} findings, {len(left)} of them unacknowledged\n")
    sys.stdout.writelines(f"{finding.rule} in {finding.construct}\n" for finding in left)
    return 1 if left else 0


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra_cdk.app", description=__doc__)
    parser.add_argument("deployment", nargs="?", default="prod", choices=sorted(DEPLOYMENTS))
    parser.add_argument("--out", default="build/cloud")
    parser.add_argument("--unjudged", action="store_true", help="leave out the rules, for a quicker look")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
