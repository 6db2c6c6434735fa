"""A stack is changed alone, and whoever goes back arrives where they were."""

import copy
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.infra_cdk.assembly import Assembly, Resource
from tests.infra_cdk.changed import CHANGED
from tests.infra_cdk.deployed import Account
from tests.infra_cdk.emulator import FIRST, taken
from tests.infra_cdk.test_judges import GRAPH

STACKS = [line.partition(":")[0] for line in GRAPH.read_text().splitlines()]
SMALL_CHANGES: dict[str, dict[str, Any]] = {
    "AWS::Logs::LogGroup": {"RetentionInDays": 14},
    "AWS::CloudWatch::Alarm": {"Threshold": 99},
    "AWS::CloudWatch::Dashboard": {"DashboardBody": '{"widgets": []}'},
    "AWS::ECR::Repository": {"ImageScanningConfiguration": {"ScanOnPush": False}},
    "AWS::Cognito::UserPool": {"MfaConfiguration": "ON"},
    "AWS::CloudFront::Distribution": {"Tags": [{"Key": "changed", "Value": "yes"}]},
    "AWS::SecretsManager::Secret": {"Description": "changed"},
}
"""Of a stack, the first type here that it has is changed."""

NEXT, BROKEN = "1234567", "7654321"
NOWHERE = {
    "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
    "Properties": {"ListenerArn": "arn:aws:nowhere", "Priority": 1, "Conditions": [], "Actions": []},
}
"""A rule of a listener that does not exist, which is only found out when it is made."""


def test_a_value_that_one_stack_is_told_changes_no_other(prod: Assembly, changed: Assembly) -> None:
    differ = {stack for stack in STACKS if prod.templates[stack] != changed.templates[stack]}

    assert differ == CHANGED.keys()


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_is_changed_while_the_others_stay_as_they_are(account: Account, prod: Assembly, stack: str) -> None:
    template, name = changed_a_little(taken(prod.templates[stack]))
    before = {other: account.happened(other) for other in STACKS}

    status = account.emulator.update(stack, template)

    assert status == "UPDATE_COMPLETE"
    new = account.happened(stack)[: -len(before[stack])]
    assert (name, "UPDATE_COMPLETE") in new
    assert {other for other in STACKS if account.happened(other) != before[other]} == {stack}


@pytest.mark.parametrize("stack", ["App-haiku", "Pages-vocab", "Workers"])
def test_going_back_brings_the_image_that_ran(account: Account, prod: Assembly, stack: str) -> None:
    services = prod.all("AWS::ECS::Service", stack)
    first = [images(account, service) for service in services]

    assert account.emulator.update(stack, ImageTag=NEXT) == "UPDATE_COMPLETE"
    assert all(commits(account, service) == {NEXT} for service in services)
    assert account.emulator.update(stack, ImageTag=FIRST) == "UPDATE_COMPLETE"
    assert [images(account, service) for service in services] == first


def test_a_release_that_fails_leaves_the_task_that_ran(account: Account, prod: Assembly) -> None:
    service = prod.one("AWS::ECS::Service", "App-writing")
    ran = account.runs(service)
    template = copy.deepcopy(taken(prod.templates["App-writing"]))
    template["Resources"]["Broken"] = NOWHERE | {"DependsOn": [service.name]}

    status = account.emulator.update("App-writing", template, ImageTag=BROKEN)

    assert status.startswith("UPDATE_ROLLBACK_COMPLETE")
    assert (service.name, "UPDATE_COMPLETE") in account.happened("App-writing")
    assert account.runs(service) == ran


@pytest.mark.parametrize("image", ["api", "worker", "streamlit"])
def test_a_commit_never_means_another_image(account: Account, image: str) -> None:
    registry, where = account.emulator.client("ecr"), {"repositoryName": f"kotonoha-prod/{image}", "imageTag": FIRST}
    registry.put_image(imageManifest=manifest("a"), **where)

    with pytest.raises(ClientError, match="ImageTagAlreadyExistsException"):
        registry.put_image(imageManifest=manifest("b"), **where)


def changed_a_little(template: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Such a template, and the name of the resource that changed in it."""
    template = copy.deepcopy(template)
    kinds = {body["Type"]: name for name, body in reversed(template["Resources"].items())}
    kind = next(kind for kind in SMALL_CHANGES if kind in kinds)
    template["Resources"][kinds[kind]]["Properties"] |= SMALL_CHANGES[kind]
    return template, kinds[kind]


def images(account: Account, service: Resource) -> set[str]:
    return account.runs(service)[1]


def commits(account: Account, service: Resource) -> set[str]:
    """Tags of the images that are ours."""
    return {image.rpartition(":")[2] for image in images(account, service) if "/kotonoha-" in image}


def manifest(letter: str) -> str:
    config = {"digest": f"sha256:{letter * 64}", "mediaType": "application/vnd.docker.container.image.v1+json", "size": 1}
    return json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": config})
