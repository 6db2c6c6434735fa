"""Slips of the hand in one template each, and the test that is to notice: `python -m tests.infra_cdk.slips` writes them down."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.house.tree import ROOT
from tests.infra_cdk import (
    test_ingress,
    test_judges,
    test_network,
    test_observability,
    test_permissions,
    test_sign_in,
    test_sites,
    test_stores,
    test_tasks,
)
from tests.infra_cdk.assembly import Assembly

PAGE = ROOT / "infra_cdk" / "MUTATIONS.md"

HEAD = """# What turns red when a template is broken

Written by `python -m tests.infra_cdk.slips`; a test fails when it is out of date. With every run of the suite each line is
done to a copy of the templates, and the test it names must notice.

| slip | stack | in the first | test that turns red |
|---|---|---|---|
"""

Body = dict[str, Any]


class Slip(NamedTuple):
    """What is done to the properties of the first resource of a type in a stack, and which test is to notice."""

    name: str
    stack: str
    type: str
    change: Callable[[Body], object]
    test: Callable[..., object]
    given: Mapping[str, str] = {}

    def tell(self, broken: Assembly) -> None:
        """Raises what the test raises when it is shown the broken templates, as every deployment there is."""
        deployments = {name: broken for name in ("prod", "dev") if name in inspect.signature(self.test).parameters}
        self.test(**deployments, **self.given)


def _scaling(body: Body) -> None:
    body["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] = 71


def _from_elsewhere(body: Body) -> None:
    body.pop("SourceSecurityGroupId", None)
    body["SourcePrefixListId"] = "pl-00000000"


def _from_everywhere(body: Body) -> None:
    body.pop("SourceSecurityGroupId", None)
    body["CidrIp"] = "0.0.0.0/0"


def _every_model(body: Body) -> None:
    body["PolicyDocument"]["Statement"].append({"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"})


def _public(body: Body) -> None:
    body["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = False


SLIPS = (
    Slip(
        "70 becomes 71",
        "App-haiku",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        _scaling,
        test_tasks.test_a_service_grows_by_processor_and_memory,
        {"stack": "App-haiku"},
    ),
    Slip(
        "somebody else is let in",
        "Network",
        "AWS::EC2::SecurityGroupIngress",
        _from_elsewhere,
        test_network.test_nobody_speaks_to_anybody_else_than_these,
    ),
    Slip(
        "everybody is let in",
        "Network",
        "AWS::EC2::SecurityGroupIngress",
        _from_everywhere,
        test_judges.test_our_own_rules_hold_in_every_template,
    ),
    Slip(
        "a bucket may become public", "Stores", "AWS::S3::Bucket", _public, test_judges.test_our_own_rules_hold_in_every_template
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
        _every_model,
        test_permissions.test_no_api_and_no_page_may_ask_a_model,
    ),
    Slip(
        "a pipeline may do everything to every bucket",
        "Pipelines",
        "AWS::IAM::Policy",
        lambda body: body["PolicyDocument"]["Statement"].append({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
        test_permissions.test_nobody_may_do_what_nobody_needs_to,
    ),
    Slip(
        "logs are kept for ever",
        "Workers",
        "AWS::Logs::LogGroup",
        lambda body: body.pop("RetentionInDays"),
        test_tasks.test_every_service_has_a_log_of_its_own_that_is_kept_seven_days,
    ),
    Slip(
        "no Spot",
        "App-writing",
        "AWS::ECS::Service",
        lambda body: body.update(CapacityProviderStrategy=[{"CapacityProvider": "FARGATE", "Weight": 1}]),
        test_tasks.test_every_service_runs_on_fargate_and_on_spot_beyond_a_base,
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
        test_stores.test_valkey_loses_no_bell,
    ),
    Slip(
        "an image's tag may move",
        "Registry",
        "AWS::ECR::Repository",
        lambda body: body.update(ImageTagMutability="MUTABLE"),
        test_tasks.test_a_task_runs_one_commit_of_an_image_that_never_changes,
    ),
)


def page() -> str:
    return HEAD + "".join(f"| {slip.name} | {slip.stack} | `{slip.type}` | `{_named(slip.test)}` |\n" for slip in SLIPS)


def _named(test: Callable[..., object]) -> str:
    return f"{test.__module__.rpartition('.')[2]}::{test.__name__}"


if __name__ == "__main__":
    PAGE.write_text(page())
