"""A service that answers behind the balancer: asked whether it lives, grown by its load, and taken back when it fails."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_sns as sns
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra_cdk.constructs.alarms import watch_answers, watch_service
from infra_cdk.constructs.fargate_app import FargateApp, Task
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.platform import Platform

MOST = 4
"""As many tasks as such a service ever has."""


class AnsweringApp(FargateApp):
    """`sticky` is how long a learner stays with the task that knows them; by default each may answer. `kept_target` is the
    parameter that holds its target group's ARN."""

    def __init__(
        self, scope: Construct, name: str, task: Task, network: Network, platform: Platform, sticky: Duration | None = None
    ) -> None:
        super().__init__(scope, name, task, network, platform)
        self.scale_on_load(least=1, most=MOST)
        self.target = self._make_target(scope, task, network, sticky)
        self.kept_target = f"{self.log_name}/target"
        ssm.StringParameter(scope, "TargetKept", parameter_name=self.kept_target, string_value=self.target.target_group_arn)

    def answer(self, rules: Iterable[elb.ApplicationListenerRule], topic: sns.ITopic) -> None:
        """Where these rules lead to it, and be watched there: without one, ECS refuses its target group."""
        scope, name = self.node.scope, self.definition.default_container.container_name
        for rule in rules:
            self.service.node.add_dependency(rule)
        failing = watch_answers(scope, name, self.target, topic)
        self.service.enable_deployment_alarms([failing], behavior=ecs.AlarmBehavior.ROLLBACK_ON_ALARM)
        watch_service(scope, name, self.service, self.log, topic)

    def _make_target(self, scope: Construct, task: Task, network: Network, sticky: Duration | None) -> elb.ApplicationTargetGroup:
        return elb.ApplicationTargetGroup(
            scope,
            "Target",
            vpc=network.vpc,
            port=task.port,
            protocol=elb.ApplicationProtocol.HTTP,
            target_type=elb.TargetType.IP,
            targets=[self.service],
            stickiness_cookie_duration=sticky,
            deregistration_delay=Duration.seconds(90),
            health_check=elb.HealthCheck(
                path=task.health,
                interval=Duration.seconds(15),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
                healthy_http_codes="200",
            ),
        )
