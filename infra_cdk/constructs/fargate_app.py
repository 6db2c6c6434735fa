"""One ECS service on Fargate: its task, its logs, its collector, how it grows and how it is replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra_cdk.constructs.otel_sidecar import ENDPOINT, add_sidecar
from infra_cdk.stacks.network import PRIVATE, Network
from infra_cdk.stacks.platform import Platform

STOP_SECONDS = 120
"""The longest Fargate gives, and what Spot warns ahead."""


@dataclass(frozen=True)
class Task:
    """What runs: an image at a tag, how it is started and what it is told. `port` is None for workers."""

    name: str
    repository: ecr.IRepository
    tag: str
    command: Sequence[str]
    environment: Mapping[str, str]
    secrets: Mapping[str, ecs.Secret]
    permissions: Sequence[iam.PolicyStatement]
    port: int | None = None
    health: str = ""
    on_demand: int = 0
    cpu: int = 512
    memory: int = 1024
    collector: str = field(default="", kw_only=True)


class FargateApp(Construct):
    """Spot, beyond `on_demand` tasks. The number of tasks is left to scaling, or every deployment would reset it. Other stacks
    know it by `log_name` and by `kept_service`, the parameter that holds its service's name: a service is replaced now and then,
    and an export could not change while somebody imports it."""

    def __init__(self, scope: Construct, name: str, task: Task, network: Network, platform: Platform) -> None:
        super().__init__(scope, name)
        self.log_name = f"/kotonoha/{task.name}"
        self.log = logs.LogGroup(
            self,
            "Log",
            log_group_name=self.log_name,
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.definition = self._define(task, platform)
        self.service = self._serve(task, network, platform)
        self.kept_service = f"{self.log_name}/service"
        ssm.StringParameter(self, "ServiceKept", parameter_name=self.kept_service, string_value=self.service.service_name)

    def _define(self, task: Task, platform: Platform) -> ecs.FargateTaskDefinition:
        definition = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=task.cpu,
            memory_limit_mib=task.memory,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.ARM64, operating_system_family=ecs.OperatingSystemFamily.LINUX
            ),
            volumes=[ecs.Volume(name="scratch")],
        )
        for statement in task.permissions:
            definition.add_to_task_role_policy(statement)
        collector = add_sidecar(definition, task.collector, self.log, platform)
        main = self._contain(definition, task)
        # First up and last down, so that the last spans find somebody.
        main.add_container_dependencies(
            ecs.ContainerDependency(container=collector, condition=ecs.ContainerDependencyCondition.START)
        )
        definition.default_container = main
        return definition

    def _contain(self, definition: ecs.FargateTaskDefinition, task: Task) -> ecs.ContainerDefinition:
        container = definition.add_container(
            "main",
            container_name=task.name,
            image=ecs.ContainerImage.from_ecr_repository(task.repository, task.tag),
            command=list(task.command),
            environment={"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT, **task.environment},
            secrets=dict(task.secrets),
            logging=ecs.LogDriver.aws_logs(stream_prefix=task.name, log_group=self.log, mode=ecs.AwsLogDriverMode.NON_BLOCKING),
            stop_timeout=Duration.seconds(STOP_SECONDS),
            readonly_root_filesystem=True,
            linux_parameters=ecs.LinuxParameters(self, "Linux", init_process_enabled=True),
            port_mappings=[ecs.PortMapping(container_port=task.port)] if task.port else None,
            health_check=_ask(task) if task.port else _feel(),
        )
        container.add_mount_points(ecs.MountPoint(container_path="/tmp", read_only=False, source_volume="scratch"))  # noqa: S108  the task's own
        return container

    def _serve(self, task: Task, network: Network, platform: Platform) -> ecs.FargateService:
        spot = ecs.CapacityProviderStrategy(capacity_provider="FARGATE_SPOT", weight=1)
        steady = ecs.CapacityProviderStrategy(capacity_provider="FARGATE", base=task.on_demand, weight=0)
        group = ec2.SecurityGroup.from_security_group_id(self, "Group", network.tasks.security_group_id, mutable=False)
        return ecs.FargateService(
            self,
            "Service",
            cluster=platform.cluster,
            task_definition=self.definition,
            capacity_provider_strategies=[steady, spot] if task.on_demand else [spot],
            security_groups=[group],
            vpc_subnets=PRIVATE,
            assign_public_ip=False,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            min_healthy_percent=100,
            max_healthy_percent=200,
            availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
            enable_execute_command=False,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
            health_check_grace_period=Duration.seconds(60) if task.port else None,
        )

    def scale_on_load(self, least: int, most: int) -> None:
        scaling = self.service.auto_scale_task_count(min_capacity=least, max_capacity=most)
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=70)
        scaling.scale_on_memory_utilization("Memory", target_utilization_percent=80)


def _ask(task: Task) -> ecs.HealthCheck:
    """A slim image has no curl, but it has Python."""
    ask = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{task.port}{task.health}', timeout=2)"
    return _every_15_seconds("python", "-c", ask)


def _feel() -> ecs.HealthCheck:
    """Whoever answers nobody touches a file."""
    return _every_15_seconds("python", "-m", "workers.pulse")


def _every_15_seconds(*command: str) -> ecs.HealthCheck:
    return ecs.HealthCheck(
        command=["CMD", *command],
        interval=Duration.seconds(15),
        timeout=Duration.seconds(5),
        retries=3,
        start_period=Duration.seconds(30),
    )
