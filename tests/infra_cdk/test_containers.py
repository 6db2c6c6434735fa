"""What a task consists of, and what it tells."""

import pytest
import yaml

from infra_cdk.apps import STREAMLITS
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly, Properties, Resource
from tests.infra_cdk.permissions import may
from tests.infra_cdk.requirement import requirement
from tests.infra_cdk.test_tasks import collector_of, main_of
from tests.infra_cdk.xray import drawn, spans_of
from tests.telemetry.test_story import STORY

XRAY = {f"xray:{action}" for action in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")}


@requirement("S081", "S083")
@pytest.mark.parametrize("app", [app.slug for app in STREAMLITS])
def test_a_streamlit_app_is_a_container_that_is_named_sized_listened_to_and_logged(prod: Assembly, app: str) -> None:
    stack = f"Pages-{app}"
    task, service = prod.one("AWS::ECS::TaskDefinition", stack), prod.one("AWS::ECS::Service", stack)
    main, log = main_of(task), prod.one("AWS::Logs::LogGroup", stack)

    assert (task["Cpu"], task["Memory"], task["NetworkMode"]) == ("512", "1024", "awsvpc")
    assert task["RequiresCompatibilities"] == ["FARGATE"]
    assert [each["Name"] for each in task["ContainerDefinitions"]] in ([main["Name"], "collector"], ["collector", main["Name"]])
    assert main["Name"] == f"prod-{app}-pages"
    assert main["Command"][:3] == ["streamlit", "run", f"frontends/{app}/app.py"]
    assert [(each["ContainerPort"], each["Protocol"]) for each in main["PortMappings"]] == [(8501, "tcp")]
    assert main["Essential"] is True
    options = main["LogConfiguration"]["Options"]
    assert prod.follow(stack, options["awslogs-group"]) == log
    assert options["awslogs-stream-prefix"] == main["Name"]
    assert ":8501/_stcore/health" in " ".join(main["HealthCheck"]["Command"])
    (balanced,) = service["LoadBalancers"]
    assert (balanced["ContainerName"], balanced["ContainerPort"]) == (main["Name"], 8501)
    assert prod.follow(stack, service["TaskDefinition"]) == task


@requirement("S081")
@pytest.mark.parametrize("app", [app.slug for app in STREAMLITS])
def test_a_learner_of_a_streamlit_app_stays_a_day_with_one_task(prod: Assembly, app: str) -> None:
    target = prod.one("AWS::ElasticLoadBalancingV2::TargetGroup", f"Pages-{app}")
    attributes = {each["Key"]: each["Value"] for each in target["TargetGroupAttributes"]}

    assert attributes["stickiness.type"] == "lb_cookie"
    assert attributes["stickiness.enabled"] == "true"
    assert attributes["stickiness.lb_cookie.duration_seconds"] == "86400"


def collecting(task: Resource) -> Properties:
    """The configuration of its collector, in which nothing is left to be filled in."""
    (text,) = [each["Value"] for each in collector_of(task)["Environment"]]
    assert "${" not in text
    config: Properties = yaml.safe_load(text)
    return config


@requirement("A080-A081", "S168-S169")
def test_spans_of_every_task_become_segments(prod: Assembly) -> None:
    """Said over OTLP on loopback, translated by the collector's exporter for X-Ray, and put there by the task's own role."""
    for task in prod.all("AWS::ECS::TaskDefinition"):
        config = collecting(task)
        traces = config["service"]["pipelines"]["traces"]
        told = {each["Name"]: each["Value"] for each in main_of(task)["Environment"]}
        role = prod.follow(task.stack, task["TaskRoleArn"])

        assert (traces["receivers"], traces["exporters"]) == (["otlp"], ["awsxray"])
        assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == f"http://{config['receivers']['otlp']['protocols']['http']['endpoint']}"
        # A segment that lost what it is looked for by would be one among thousands.
        assert {"job.id", "job.kind", "job.outcome"} <= set(config["exporters"]["awsxray"]["indexed_attributes"])
        assert {action for action in XRAY if may(prod, role, action, "*")} == XRAY
        assert not may(prod, role, "xray:GetTraceSummaries", "*")


MAP = {
    ("kotonoha-api", "kotonoha-worker"),
    ("kotonoha-worker", "kotonoha-worker"),
    ("kotonoha-worker", "chat scripted-1"),
    ("kotonoha-worker", "generate_content scripted-1"),
    ("kotonoha-worker", "put file"),
    ("kotonoha-worker", "process image.paint"),
    ("kotonoha-worker", "process speech.say"),
}
"""Who calls whom while a haiku is made: the api the worker, that itself for the jobs that follow, and each model and the files.
A job that nothing follows is drawn as well, by its kind."""


@requirement("A082")
def test_the_map_of_a_haiku_shows_the_api_the_worker_and_each_provider(prod: Assembly) -> None:
    """Of the spans it is proven to tell by tests/telemetry/test_story.py."""
    story = spans_of(STORY)
    starts = {path.parent.name: path.read_text() for path in (ROOT / "api/main.py", ROOT / "workers/main.py")}
    tasks = prod.all("AWS::ECS::TaskDefinition")

    assert tasks
    for task in tasks:
        assert drawn(story, collecting(task)) == MAP
    assert 'start_telemetry("api"' in starts["api"]
    assert 'start_telemetry("worker"' in starts["workers"]
    assert '"service.name": f"kotonoha-{process}"' in (ROOT / "telemetry/start.py").read_text()
    # The way in tells its own, under a header of its own: it stands beside them.
    assert prod.one("AWS::ApiGateway::Stage")["TracingEnabled"] is True


@requirement("S092", "S167", "A083")
def test_numbers_of_every_task_become_metrics_of_our_own(prod: Assembly) -> None:
    """The pages' of vocab among them: the collector writes them into one log, out of which CloudWatch makes metrics."""
    numbers = prod.one("AWS::Logs::LogGroup", "Platform")
    for task in prod.all("AWS::ECS::TaskDefinition"):
        config = collecting(task)
        metrics = config["service"]["pipelines"]["metrics"]
        role = prod.follow(task.stack, task["TaskRoleArn"])

        assert (metrics["receivers"], metrics["exporters"]) == (["otlp"], ["awsemf"])
        assert config["exporters"]["awsemf"]["namespace"] == "Kotonoha/prod"
        assert config["exporters"]["awsemf"]["log_group_name"] == numbers["LogGroupName"]
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            assert may(prod, role, action, "<Platform/Numbers>")
    assert {stack for stack in prod.templates if stack.startswith("Pages-")} == {f"Pages-{app.slug}" for app in STREAMLITS}
