"""Production and development in one account: whatever has a name there has one of its own."""

import re
from collections.abc import Iterator
from typing import Any

from infra_cdk.config import DEV, PROD
from tests.infra_cdk.assembly import Assembly, Resource

NAMES = re.compile(r".*(Name|Names|Identifier|DomainName|Aliases)$")
SHARED = {
    # Of the service or of the VPC it is in.
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "PolicyName"),
    ("AWS::ApiGateway::Stage", "StageName"),
    ("AWS::Cognito::UserPoolGroup", "GroupName"),
    ("AWS::Cognito::UserPoolResourceServer", "Identifier"),
    ("AWS::Cognito::UserPoolResourceServer", "Name"),
    ("AWS::CloudWatch::Alarm", "MetricName"),
    ("AWS::IAM::Policy", "PolicyName"),
    ("AWS::RDS::DBCluster", "DatabaseName"),
    ("AWS::RDS::DBProxyTargetGroup", "TargetGroupName"),
    ("AWS::Route53::HostedZone", "Name"),
    # Variables of the pipeline.
    ("AWS::CodePipeline::Pipeline", "Namespace"),
}
"""Names within something that has a name of its own."""


def names(assembly: Assembly) -> set[tuple[str, str, str]]:
    """Type, property and name of whatever the deployment names itself; what CloudFormation names has the stack's name in it."""
    return {(resource.type, *named) for resource in assembly.resources() for named in _named(resource)}


def _named(resource: Resource) -> Iterator[tuple[str, str]]:
    for field, value in resource.properties.items():
        if NAMES.fullmatch(field):
            yield from ((field, each) for each in _texts(value))
    for field in ("Aliases", "Namespace"):
        yield from ((field, each) for each in _texts(_deep(resource.properties, field)))


def _deep(value: Any, field: str) -> Any:
    """Every value of such a field, however deep."""
    if isinstance(value, list):
        return [_deep(each, field) for each in value]
    if isinstance(value, dict):
        return [each if name == field else _deep(each, field) for name, each in value.items()]
    return []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def test_no_name_is_taken_twice_in_an_account(prod: Assembly, dev: Assembly) -> None:
    taken = {each for each in names(prod) & names(dev) if each[:2] not in SHARED}
    # Those of Amazon's are counted apart by their dimensions; what was logged is counted by the name of its service; the zone of
    # the internal names is the VPC's own.
    taken = {
        each for each in taken if not re.match(r"AWS/|Kotonoha/Errors$", each[2]) and not each[2].endswith(".app-dw.internal.")
    }

    assert taken == set()
    assert PROD.account == DEV.account
    assert {(kind, field) for kind, field, _ in names(prod)} >= {
        ("AWS::ECR::Repository", "RepositoryName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::CloudFront::Distribution", "Aliases"),
        ("AWS::CloudWatch::Alarm", "Namespace"),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", "Namespace"),
        ("AWS::Route53::RecordSet", "Name"),
        ("AWS::CodePipeline::Pipeline", "Name"),
    }


def test_no_export_is_taken_twice(prod: Assembly, dev: Assembly) -> None:
    exports = [
        {
            output["Export"]["Name"]
            for template in each.templates.values()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }
        for each in (prod, dev)
    ]

    assert exports[0]
    assert exports[0] & exports[1] == set()


def test_an_account_has_one_monitor_of_what_services_cost(prod: Assembly, dev: Assembly) -> None:
    """AWS refuses a second one."""
    assert len(prod.all("AWS::CE::AnomalyMonitor")) == 1
    assert len(prod.all("AWS::CE::AnomalySubscription")) == 1
    assert dev.all("AWS::CE::AnomalyMonitor") + dev.all("AWS::CE::AnomalySubscription") == []
    assert len(dev.all("AWS::Budgets::Budget")) == 1
