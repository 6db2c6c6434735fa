"""Break a template in one place, as a slip of the hand would, and see the test that is for it turn red."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.infra_cdk import (
    test_ingress,
    test_network,
    test_observability,
    test_permissions,
    test_sign_in,
    test_sites,
    test_stores,
    test_tasks,
)
from tests.infra_cdk.assembly import Assembly

Body = dict[str, Any]


class Slip(NamedTuple):
    """In the first resource of a type in a stack, and which test is to notice."""

    name: str
    stack: str
    type: str
    change: Callable[[Body], object]
    noticed_by: Callable[[Assembly], object]


def scaling(body: Body) -> None:
    body["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] = 71


def opened(body: Body) -> None:
    body.pop("SourcePrefixListId", None)
    body.pop("SourceSecurityGroupId", None)
    body["SourcePrefixListId"] = "pl-00000000"


def every_model(body: Body) -> None:
    body["PolicyDocument"]["Statement"].append({"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"})


def uncovered(body: Body) -> None:
    body["CapacityProviderStrategy"] = [{"CapacityProvider": "FARGATE", "Weight": 1}]


SLIPS = (
    Slip(
        "70 becomes 71",
        "App-haiku",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        scaling,
        lambda broken: test_tasks.test_a_service_grows_by_processor_and_memory(broken, "App-haiku"),
    ),
    Slip(
        "somebody else is let in",
        "Network",
        "AWS::EC2::SecurityGroupIngress",
        opened,
        test_network.test_nobody_speaks_to_anybody_else_than_these,
    ),
    Slip(
        "an alarm tells nobody",
        "App-vocab",
        "AWS::CloudWatch::Alarm",
        lambda body: body.update(AlarmActions=[]),
        test_observability.test_every_alarm_tells_operators_both_ways_and_where_to_read_on,
    ),
    Slip(
        "copies are kept for six days",
        "Stores",
        "AWS::RDS::DBCluster",
        lambda body: body.update(BackupRetentionPeriod=6),
        test_stores.test_the_database_can_go_back_seven_days_and_is_copied_daily,
    ),
    Slip(
        "the api may ask every model",
        "App-haiku",
        "AWS::IAM::Policy",
        every_model,
        test_permissions.test_no_api_and_no_page_may_ask_a_model,
    ),
    Slip(
        "logs are kept for ever",
        "Workers",
        "AWS::Logs::LogGroup",
        lambda body: body.pop("RetentionInDays"),
        lambda broken: _keyed(test_tasks.test_every_service_has_a_log_of_its_own_that_is_kept_seven_days, broken),
    ),
    Slip(
        "no Spot",
        "App-writing",
        "AWS::ECS::Service",
        uncovered,
        lambda broken: _keyed(test_tasks.test_every_service_runs_on_fargate_and_on_spot_beyond_a_base, broken, broken),
    ),
    Slip(
        "the balancer faces the internet",
        "Ingress",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        lambda body: body.update(Scheme="internet-facing"),
        test_ingress.test_one_balancer_that_has_no_address_on_the_internet,
    ),
    Slip(
        "errors become pages",
        "Site-haiku",
        "AWS::CloudFront::Distribution",
        lambda body: body["DistributionConfig"].update(CustomErrorResponses=[{"ErrorCode": 404}]),
        test_sites.test_a_page_of_the_app_is_its_index_and_an_error_of_the_api_stays_one,
    ),
    Slip(
        "no second factor",
        "SignIn",
        "AWS::Cognito::UserPool",
        lambda body: body.update(MfaConfiguration="OFF"),
        test_sign_in.test_a_second_factor_is_there_and_passwords_are_long,
    ),
    Slip(
        "the cache throws bells away",
        "Stores",
        "AWS::ElastiCache::ParameterGroup",
        lambda body: body["Properties"].update({"maxmemory-policy": "volatile-lru"}),
        lambda broken: test_stores.test_valkey_loses_no_bell(broken, broken),
    ),
    Slip(
        "an image's tag may move",
        "Registry",
        "AWS::ECR::Repository",
        lambda body: body.update(ImageTagMutability="MUTABLE"),
        test_tasks.test_a_task_runs_one_commit_of_an_image_that_never_changes,
    ),
)


def _keyed(test: Callable[..., object], *given: Assembly) -> None:
    """A property that is gone is noticed as well as one that is wrong."""
    try:
        test(*given)
    except KeyError as gone:
        raise AssertionError(str(gone)) from gone


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_turns_its_test_red(prod: Assembly, slip: Slip, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        slip.noticed_by(broken(prod, slip, tmp_path))


def broken(assembly: Assembly, slip: Slip, folder: Path) -> Assembly:
    templates = copy.deepcopy(assembly.templates)
    first = next(body for body in templates[slip.stack]["Resources"].values() if body["Type"] == slip.type)
    slip.change(first["Properties"])
    for name, template in templates.items():
        (folder / f"Kotonoha-prod-{name}.template.json").write_text(json.dumps(template))
    (folder / "manifest.json").write_text(json.dumps(assembly.manifest))
    return Assembly(folder)
