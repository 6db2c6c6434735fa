"""The collector beside every task: the app speaks OTLP to it, and it speaks to X-Ray and CloudWatch."""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from infra_cdk.stacks.platform import Platform

COLLECTOR = Path(__file__).parent.parent.parent / "docker" / "collector.yml"
ENDPOINT = "http://127.0.0.1:4318"


def add_sidecar(
    task: ecs.FargateTaskDefinition, image: str, stream: logs.ILogGroup, platform: Platform
) -> ecs.ContainerDefinition:
    """Not essential: a task whose collector died goes on, and counts what it could not tell."""
    task.add_to_task_role_policy(
        iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[platform.numbers.log_group_arn],
        )
    )
    task.add_to_task_role_policy(
        iam.PolicyStatement(
            # X-Ray's own actions know no resources.
            actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
            resources=["*"],
        )
    )
    return task.add_container(
        "collector",
        image=ecs.ContainerImage.from_registry(image),
        essential=False,
        memory_limit_mib=128,
        environment={"AOT_CONFIG_CONTENT": _configured(platform)},
        logging=ecs.LogDriver.aws_logs(stream_prefix="collector", log_group=stream),
        stop_timeout=Duration.seconds(120),
    )


def _configured(platform: Platform) -> str:
    """With what differs between deployments filled in here: CloudFormation takes what is left in `${}` for its own."""
    text = COLLECTOR.read_text()
    for name, value in {"METRICS_NAMESPACE": platform.deployment.namespace, "METRICS_LOG": platform.numbers_name}.items():
        text = text.replace(f"${{env:{name}}}", value)
    return text
