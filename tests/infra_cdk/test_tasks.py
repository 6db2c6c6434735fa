"""Every service on Fargate: what it costs to run, how it grows, stops, is replaced and tells what it does."""

import hashlib
import json

import pytest

from infra_cdk.apps import APPS, LOG_DAYS, QUEUES, STREAMLITS
from infra_cdk.config import PROD
from infra_cdk.constructs.answering_app import MOST
from infra_cdk.constructs.environment import DRAIN_SECONDS, HAND_BACK_SECONDS
from tests.infra_cdk.assembly import Assembly, Properties, Resource, flat
from tests.infra_cdk.requirement import requirement

SCALED = "AWS::ApplicationAutoScaling::ScalingPolicy"
APIS = [f"App-{app.slug}" for app in APPS]
PAGES = [f"Pages-{app.slug}" for app in STREAMLITS]


def collector_of(task: Resource) -> Properties:
    (collector,) = [each for each in task["ContainerDefinitions"] if each["Name"] == "collector"]
    return collector


def main_of(task: Resource) -> Properties:
    """The container that is not the collector."""
    (main,) = [each for each in task["ContainerDefinitions"] if each["Name"] != "collector"]
    return main


@requirement("S016-S017", "S052-S053", "S080", "S082", "S097-S098", "S127-S128")
def test_every_service_runs_on_fargate_and_on_spot_beyond_a_base(prod: Assembly, dev: Assembly) -> None:
    services = prod.all("AWS::ECS::Service")
    cluster = prod.one("AWS::ECS::ClusterCapacityProviderAssociations")

    assert sorted(service.stack for service in services) == sorted([*APIS, *PAGES, *["Workers"] * 3])
    for service in services:
        shares = {each["CapacityProvider"]: each for each in service["CapacityProviderStrategy"]}
        assert shares["FARGATE_SPOT"]["Weight"] == 1
        assert "LaunchType" not in service.properties
        assert ("FARGATE" in shares) == service.stack.startswith("App-")
        if "FARGATE" in shares:
            assert shares["FARGATE"] == {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 0}
    assert set(cluster["CapacityProviders"]) == {"FARGATE", "FARGATE_SPOT"}
    assert all(len(service["CapacityProviderStrategy"]) == 1 for service in dev.all("AWS::ECS::Service"))


@requirement("S018-S020", "S054-S056", "S099-S101", "S129-S131")
@pytest.mark.parametrize("stack", [*APIS, *PAGES])
def test_a_service_grows_by_processor_and_memory(prod: Assembly, stack: str) -> None:
    tracked = [policy["TargetTrackingScalingPolicyConfiguration"] for policy in prod.all(SCALED, stack)]
    targets = {each["PredefinedMetricSpecification"]["PredefinedMetricType"]: each["TargetValue"] for each in tracked}

    assert targets == {"ECSServiceAverageCPUUtilization": 70, "ECSServiceAverageMemoryUtilization": 80}


@requirement("S021-S022", "S057-S058", "S102-S103", "S132-S133")
def test_there_is_always_one_and_never_more_than_four(prod: Assembly) -> None:
    spans: dict[str, set[tuple[int, int]]] = {}
    for target in prod.all("AWS::ApplicationAutoScaling::ScalableTarget"):
        spans.setdefault(target.stack, set()).add((target["MinCapacity"], target["MaxCapacity"]))

    assert spans == {stack: {(1, 4)} for stack in [*APIS, *PAGES]} | {"Workers": {(1, PROD.fleet.most)}}
    # It would be reset by every deployment.
    assert not any("DesiredCount" in service.properties for service in prod.all("AWS::ECS::Service"))


def test_workers_grow_by_what_waits_for_each_of_them(prod: Assembly) -> None:
    policies = {
        policy["PolicyName"]: policy["TargetTrackingScalingPolicyConfiguration"] for policy in prod.all(SCALED, "Workers")
    }

    assert set(policies) == {f"{queue}-backlog" for queue in QUEUES}
    for queue in QUEUES:
        metrics = {each["Id"]: each for each in policies[f"{queue}-backlog"]["CustomizedMetricSpecification"]["Metrics"]}
        asked = [each["MetricStat"]["Metric"] for each in metrics.values() if "MetricStat" in each]
        assert [name for name, each in metrics.items() if each["ReturnData"]] == ["backlog"]
        assert metrics["backlog"]["Expression"] == "(depth+running)/IF(workers>0,workers,1)"
        assert {each["Dimensions"][0]["Value"] for each in asked} == {queue}
        assert policies[f"{queue}-backlog"]["TargetValue"] == PROD.fleet.backlog


@requirement("S083", "A029", "A043", "A053", "A058", "A064")
def test_a_task_runs_one_commit_of_an_image_that_never_changes(prod: Assembly) -> None:
    for task in prod.all("AWS::ECS::TaskDefinition"):
        image = flat(main_of(task)["Image"])
        assert '{"Ref": "ImageTag"}' in image
        assert "Registry" in image
        assert "latest" not in image
    for name in [*APIS, *PAGES, "Workers"]:
        parameter = prod.templates[name]["Parameters"]["ImageTag"]
        assert parameter["AllowedPattern"] == "[0-9a-f]{7,40}"
        assert "Default" not in parameter
    assert {each["ImageTagMutability"] for each in prod.all("AWS::ECR::Repository")} == {"IMMUTABLE"}
    assert all(each["ImageScanningConfiguration"] == {"ScanOnPush": True} for each in prod.all("AWS::ECR::Repository"))


@requirement("S081")
def test_streamlit_learners_stay_with_the_process_that_knows_them(prod: Assembly) -> None:
    for app in STREAMLITS:
        stack = f"Pages-{app.slug}"
        target = prod.one("AWS::ElasticLoadBalancingV2::TargetGroup", stack)
        attributes = {each["Key"]: each["Value"] for each in target["TargetGroupAttributes"]}

        assert main_of(prod.one("AWS::ECS::TaskDefinition", stack))["Command"][:2] == ["streamlit", "run"]
        assert attributes["stickiness.enabled"] == "true"


def test_a_task_that_is_told_to_stop_has_time_to_hand_everything_back(prod: Assembly) -> None:
    for task in prod.all("AWS::ECS::TaskDefinition"):
        main = main_of(task)
        assert main["StopTimeout"] == 120 > DRAIN_SECONDS + HAND_BACK_SECONDS
        assert main["LinuxParameters"]["InitProcessEnabled"] is True
        assert main["ReadonlyRootFilesystem"] is True
        assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"


def test_every_process_is_told_what_it_shares_and_what_a_learner_may_cost(prod: Assembly) -> None:
    told = [main["Environment"] for main in map(main_of, prod.all("AWS::ECS::TaskDefinition")) if "Environment" in main]
    ours = [given for each in told if "KOTONOHA_PROVIDERS" in (given := {line["Name"]: line["Value"] for line in each})]
    most = [target["MaxCapacity"] for target in prod.all("AWS::ApplicationAutoScaling::ScalableTarget")]

    assert ours
    for given in ours:
        assert int(given["KOTONOHA_API_PROCESSES"]) == MOST
        assert MOST in most
        assert int(given["KOTONOHA_HAND_BACK_SECONDS"]) == HAND_BACK_SECONDS
        assert int(given["KOTONOHA_GRACE_SECONDS"]) == DRAIN_SECONDS
        assert 0 < int(given["KOTONOHA_BUDGET_MICROUSD_PER_DAY"]) <= 5_000_000


def test_a_changed_guardrail_is_a_version_of_its_own_that_the_next_release_asks(prod: Assembly) -> None:
    guardrail, version = prod.one("AWS::Bedrock::Guardrail"), prod.one("AWS::Bedrock::GuardrailVersion")
    said = {
        "blocked_input_messaging": guardrail["BlockedInputMessaging"],
        "blocked_outputs_messaging": guardrail["BlockedOutputsMessaging"],
        "content_policy_config": {
            "filtersConfig": [
                {name[0].lower() + name[1:]: value for name, value in each.items()}
                for each in guardrail["ContentPolicyConfig"]["FiltersConfig"]
            ]
        },
    }
    content = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:8]
    kept = prod.one("AWS::SSM::Parameter", "Platform")

    # A version is made once: only another name makes another one, and what still runs with the last needs that.
    assert version.name == f"GuardrailVersion{content}"
    assert version.body["DeletionPolicy"] == "Retain"
    assert prod.follow("Platform", kept["Value"]) == version
    # An export could not change while somebody imports it.
    assert "GuardrailVersion" not in flat(prod.templates["Platform"].get("Outputs", {}))
    told = [flat(task["ContainerDefinitions"]) for task in prod.all("AWS::ECS::TaskDefinition") if "GUARDRAIL" in flat(task.body)]
    assert len(told) == len(APPS) + len(QUEUES)
    assert all(f"{{{{resolve:ssm:{kept['Name']}}}}}" in each for each in told)


def test_a_deployment_that_fails_goes_back(prod: Assembly) -> None:
    alarms = {alarm.properties.get("AlarmName") for alarm in prod.all("AWS::CloudWatch::Alarm")}

    for service in prod.all("AWS::ECS::Service"):
        deployment = service["DeploymentConfiguration"]
        assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
        assert (deployment["MinimumHealthyPercent"], deployment["MaximumPercent"]) == (100, 200)
        assert service["EnableExecuteCommand"] is False
        if service.stack != "Workers":
            assert deployment["Alarms"]["Rollback"] is True
            assert set(deployment["Alarms"]["AlarmNames"]) <= alarms


@requirement("S038", "S090", "S184-S185", "A014", "A076", "A079")
def test_every_service_has_a_log_of_its_own_that_is_kept_seven_days(prod: Assembly) -> None:
    logs = prod.all("AWS::Logs::LogGroup")
    own = [log for log in logs if log.stack in [*APIS, *PAGES, "Workers"]]

    assert {log["RetentionInDays"] for log in logs} == {LOG_DAYS}
    assert len({log["LogGroupName"] for log in own}) == len(prod.all("AWS::ECS::Service"))
    for task in prod.all("AWS::ECS::TaskDefinition"):
        for container in task["ContainerDefinitions"]:
            log = prod.follow(task.stack, container["LogConfiguration"]["Options"]["awslogs-group"])
            assert log in own


@requirement("S091")
def test_container_insights_are_on(prod: Assembly) -> None:
    assert prod.one("AWS::ECS::Cluster")["ClusterSettings"] == [{"Name": "containerInsights", "Value": "enabled"}]


@requirement("S092", "S168-S169", "A015", "A080-A081")
def test_every_task_tells_its_collector_and_that_tells_xray_and_cloudwatch(prod: Assembly) -> None:
    for task in prod.all("AWS::ECS::TaskDefinition"):
        collector = collector_of(task)
        main = main_of(task)
        told = {each["Name"]: each["Value"] for each in collector["Environment"]}["AOT_CONFIG_CONTENT"]

        assert collector["Essential"] is False
        assert main["DependsOn"] == [{"Condition": "START", "ContainerName": "collector"}]
        assert {"Name": "OTEL_EXPORTER_OTLP_ENDPOINT", "Value": "http://127.0.0.1:4318"} in main["Environment"]
        assert "exporters: [awsxray]" in told
        assert "exporters: [awsemf]" in told
        assert "xray:PutTraceSegments" in flat([each.properties for each in prod.all("AWS::IAM::Policy", task.stack)])


@requirement("S001")
def test_four_apps_come_out_of_one_table(prod: Assembly) -> None:
    products = [main_of(prod.one("AWS::ECS::TaskDefinition", stack))["Command"][-1] for stack in APIS]

    assert products == ["portal", "haiku", "vocab", "writing"]
    kinds = {stack: sorted(resource.type for resource in prod.resources(stack)) for stack in APIS}
    assert len({tuple(each) for each in kinds.values()}) == 1
