"""Slips of the hand in one template each, and the test that is to notice: `python -m tests.infra_cdk.slips` writes them down."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.house.tree import ROOT
from tests.infra_cdk import (
    test_calls,
    test_containers,
    test_cost,
    test_ingress,
    test_judges,
    test_network,
    test_observability,
    test_permissions,
    test_runbook,
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
    """What is done to the properties of the first resource of a type in a stack, and which test is to notice. `resource` is how
    its logical id begins, where the first of all is not the one."""

    name: str
    stack: str
    type: str
    change: Callable[[Body], object]
    test: Callable[..., object]
    given: Mapping[str, Any] = {}
    resource: str = ""

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


def _of_the_group(body: Body) -> None:
    body["Dimensions"] = [{"Name": "ReplicationGroupId", "Value": body["Dimensions"][0]["Value"]}]


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
    Slip(
        "nobody minds that nothing is heard of a service",
        "App-haiku",
        "AWS::CloudWatch::Alarm",
        lambda body: body.update(TreatMissingData="notBreaching"),
        test_observability.test_a_service_nobody_of_which_is_left_is_an_alarm,
        {"stack": "App-haiku"},
        "NobodyHealthy",
    ),
    Slip(
        "Valkey's memory is asked of the group, which has none",
        "Observability",
        "AWS::CloudWatch::Alarm",
        _of_the_group,
        test_observability.test_each_node_of_valkey_is_watched_by_the_name_the_group_gives_it,
        resource="CacheMemory",
    ),
    Slip(
        "an outside check counts once a day",
        "Site-haiku",
        "AWS::CloudWatch::Alarm",
        lambda body: body.update(Period=86400),
        test_observability.test_a_name_that_does_not_answer_from_outside_is_an_alarm,
        {"stack": "Site-haiku"},
        "Away",
    ),
    Slip(
        "errors of another level are counted",
        "Workers",
        "AWS::Logs::MetricFilter",
        lambda body: body.update(FilterPattern='{ $.level = "debug" }'),
        test_observability.test_errors_in_a_log_become_a_number_and_that_an_alarm,
    ),
    Slip(
        "an alarm leads to no section of the runbook",
        "Workers",
        "AWS::CloudWatch::Alarm",
        lambda body: body.update(AlarmDescription="First five minutes: infra_cdk/RUNBOOK.md#alarm-nothing"),
        test_runbook.test_every_alarm_has_a_section_with_steps_and_no_section_is_of_an_alarm_that_is_gone,
    ),
    Slip(
        "writer and reader share a zone",
        "Stores",
        "AWS::RDS::DBInstance",
        lambda body: body.update(AvailabilityZone="us-east-1a"),
        test_stores.test_production_has_a_second_instance_to_fail_over_to,
        resource="ClusterReader",
    ),
    Slip(
        "the cluster may be deleted",
        "Stores",
        "AWS::RDS::DBCluster",
        lambda body: body.update(DeletionProtection=False),
        test_stores.test_what_is_asked_to_delete_it_refuses,
    ),
    Slip(
        "the volume is watched from 90 GiB on",
        "Observability",
        "AWS::CloudWatch::Alarm",
        lambda body: body.update(Threshold=90 * 1024**3),
        test_stores.test_the_volume_grows_by_itself_and_somebody_is_told,
        resource="Volume80",
    ),
    Slip(
        "a stream goes through API Gateway",
        "Site-lang-portal",
        "AWS::CloudFront::Distribution",
        lambda body: body["DistributionConfig"]["CacheBehaviors"].pop(0),
        test_calls.test_every_call_of_the_portal_is_below_api_and_passes_the_gateway_but_streams,
    ),
    Slip(
        "a page that is reloaded is not there",
        "Site-haiku",
        "AWS::CloudFront::Function",
        lambda body: body.update(FunctionCode="function handler(event) { return event.request; }"),
        test_calls.test_every_page_of_a_react_app_is_its_index_and_every_file_is_itself,
    ),
    Slip(
        "the authorizer asks for no scope",
        "Ingress",
        "AWS::ApiGateway::Method",
        lambda body: body.pop("AuthorizationScopes"),
        test_calls.test_a_token_of_any_client_is_held_against_the_pool_it_is_of,
    ),
    Slip(
        "a call past the edge is only counted",
        "Ingress",
        "AWS::WAFv2::WebACL",
        lambda body: body["Rules"][0].update(Action={"Count": {}}),
        test_ingress.test_who_does_not_come_through_the_edge_is_refused,
        {"headers": {"host": "haiku.app-dw.net"}, "comes_in": False},
        resource="Regional",
    ),
    Slip(
        "spans go nowhere",
        "Workers",
        "AWS::IAM::Policy",
        lambda body: body["PolicyDocument"].update(
            Statement=[each for each in body["PolicyDocument"]["Statement"] if "xray" not in str(each["Action"])]
        ),
        test_containers.test_spans_of_every_task_become_segments,
        resource="textAppTaskTaskRole",
    ),
    Slip(
        "a page listens elsewhere",
        "Pages-vocab",
        "AWS::ECS::TaskDefinition",
        lambda body: next(each for each in body["ContainerDefinitions"] if "PortMappings" in each)["PortMappings"][0].update(
            ContainerPort=8502
        ),
        test_containers.test_a_streamlit_app_is_a_container_that_is_named_sized_listened_to_and_logged,
        {"app": "vocab"},
    ),
    Slip(
        "tasks run on the dearer processor",
        "App-haiku",
        "AWS::ECS::TaskDefinition",
        lambda body: body["RuntimePlatform"].update(CpuArchitecture="X86_64"),
        test_cost.test_what_is_idle_is_as_small_as_it_may_be,
    ),
)


def page() -> str:
    return HEAD + "".join(f"| {slip.name} | {slip.stack} | `{slip.type}` | `{_named(slip.test)}` |\n" for slip in SLIPS)


def _named(test: Callable[..., object]) -> str:
    return f"{test.__module__.rpartition('.')[2]}::{test.__name__}"


if __name__ == "__main__":
    PAGE.write_text(page())
