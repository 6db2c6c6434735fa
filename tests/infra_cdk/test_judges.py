"""What others' rules say of the templates, and the order stacks are deployed in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from guardpycfn import validate_with_guard

from infra_cdk.acknowledgements import ACKNOWLEDGED
from infra_cdk.apps import APPS, SITES, STREAMLITS
from infra_cdk.judge import read_findings, unacknowledged, unused
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly

RULES = (ROOT / "infra_cdk" / "guard" / "house.guard").read_text()
LET_PASS = {
    "W3005": "the CDK says twice what must come first",
    "W3010": "zones are named so that nothing has to be looked up",
    "W3045": "CloudFront's logs need a bucket with an access list",
}
GRAPH = ROOT / "infra_cdk" / "graph.txt"
FIRST = (SITES[0], STREAMLITS[0])


def test_no_finding_is_left_without_a_reason_and_no_reason_without_a_finding(prod: Assembly, dev: Assembly) -> None:
    findings = {name: read_findings(each.folder) for name, each in (("prod", prod), ("dev", dev))}

    assert all(findings.values())
    assert {name: unacknowledged(found) for name, found in findings.items()} == {"prod": [], "dev": []}
    assert unused([*findings["prod"], *findings["dev"]]) == []
    assert all(len(reason.split()) >= 5 for _, _, reason in ACKNOWLEDGED)


def test_what_only_development_is_excused_of_production_does_not_do(prod: Assembly) -> None:
    only_there = {"AwsSolutions-RDS10", "AwsSolutions-AEC4"}

    assert only_there <= {rule for _, rule, _ in ACKNOWLEDGED}
    assert only_there.isdisjoint(finding.rule for finding in read_findings(prod.folder))


def test_stacks_need_each_other_as_written_down_and_never_in_a_circle(prod: Assembly) -> None:
    needs = {stack: prod.needs(stack) for stack in prod.templates}
    drawn = "".join(f"{stack}: {', '.join(sorted(needs[stack]))}".rstrip() + "\n" for stack in sorted(needs))

    assert GRAPH.read_text() == drawn
    deployed: set[str] = set()
    while ready := {stack for stack in needs.keys() - deployed if needs[stack] <= deployed}:
        deployed |= ready
    assert deployed == needs.keys()


@pytest.mark.parametrize("deployment", ["prod", "dev"])
def test_cfn_lint_finds_nothing_and_no_engine_that_is_deprecated(deployment: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(deployment).folder
    # Of stacks that come out of one class, development differs from production in the first as in the others.
    again = [f"-{app.slug}.template" for app in APPS if app not in FIRST] if deployment == "dev" else []
    templates = [str(path) for path in sorted(folder.glob("*.template.json")) if not any(each in path.name for each in again)]
    lint = str(Path(sys.executable).parent / "cfn-lint")
    command = [lint, "--format", "json", "--ignore-checks", *LET_PASS, "--template", *templates]

    told = subprocess.run(command, capture_output=True, text=True, check=False)

    assert [(each["Filename"], each["Rule"]["Id"], each["Message"]) for each in json.loads(told.stdout)] == []


def test_our_own_rules_hold_in_every_template(prod: Assembly, dev: Assembly) -> None:
    for assembly in (prod, dev):
        for name, template in assembly.templates.items():
            assert validate_with_guard(json.dumps(template), rules=RULES)["result"]["not_compliant"] == [], name


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::S3::Bucket", {"BucketEncryption": {}, "PublicAccessBlockConfiguration": {"BlockPublicAcls": False}}),
        ("AWS::S3::Bucket", {}),
        ("AWS::RDS::DBCluster", {"StorageEncrypted": False}),
        ("AWS::RDS::DBInstance", {"PubliclyAccessible": True}),
        ("AWS::ElastiCache::ReplicationGroup", {"AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": False}),
        ("AWS::Logs::LogGroup", {}),
        ("AWS::SNS::Topic", {}),
        ("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Action": "*"}]}}),
        ("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Action": ["s3:GetObject", "bedrock:*"]}]}}),
        ("AWS::EC2::SecurityGroupIngress", {"CidrIp": "0.0.0.0/0"}),
    ],
    ids=str,
)
def test_our_own_rules_notice(kind: str, properties: dict[str, object]) -> None:
    template = {"Resources": {"One": {"Type": kind, "Properties": properties}}}

    assert validate_with_guard(json.dumps(template), rules=RULES)["result"]["not_compliant"]
