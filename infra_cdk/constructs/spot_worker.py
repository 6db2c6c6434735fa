"""A worker of one queue, on Spot alone, as many as the queue's backlog asks for."""

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.aws_applicationautoscaling import CfnScalingPolicy as Policy
from constructs import Construct

from infra_cdk.apps import QUEUE_DIMENSION
from infra_cdk.config import Fleet
from infra_cdk.constructs.alarms import BELOW, MINUTE, SILENCE, raise_alarm, watch_service
from infra_cdk.constructs.fargate_app import FargateApp, Task
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.platform import Platform

DEPTH, RUNNING, WORKERS = "kotonoha.queue.depth", "kotonoha.queue.running", "kotonoha.workers.running"
OLDEST = "kotonoha.queue.oldest_age"
ASKED = {"depth": DEPTH, "running": RUNNING, "workers": WORKERS}
OLDEST_SECONDS = 120
"""Where submits begin to be refused."""


class SpotWorker(Construct):
    """An empty queue publishes zero and lets workers go; when nobody can read the queue nothing is published, nobody goes,
    and the alarm on silence is raised."""

    def __init__(self, scope: Construct, queue: str, task: Task, fleet: Fleet, network: Network, platform: Platform) -> None:
        super().__init__(scope, queue)
        self.app = FargateApp(self, "App", task, network, platform)
        self._namespace = platform.deployment.namespace
        self._let_protect_itself(platform)
        self._scale(queue, fleet)
        self._watch(queue, platform.topic)
        watch_service(self, task.name, self.app.service, self.app.log, platform.topic)

    def _let_protect_itself(self, platform: Platform) -> None:
        """While it has jobs. Tasks have names only once they run, so what can be named is their cluster."""
        tasks = Stack.of(self).format_arn(service="ecs", resource="task", resource_name=f"{platform.cluster_name}/*")
        self.app.definition.add_to_task_role_policy(iam.PolicyStatement(actions=["ecs:UpdateTaskProtection"], resources=[tasks]))

    def _scale(self, queue: str, fleet: Fleet) -> None:
        count = self.app.service.auto_scale_task_count(min_capacity=fleet.least, max_capacity=fleet.most)
        target = count.node.find_child("Target").node.default_child
        tracked = Policy.CustomizedMetricSpecificationProperty(
            metrics=[
                *(_asked(name, self._namespace, metric, queue) for name, metric in ASKED.items()),
                Policy.TargetTrackingMetricDataQueryProperty(
                    id="backlog",
                    expression="(depth+running)/IF(workers>0,workers,1)",
                    label="open jobs a worker",
                    return_data=True,
                ),
            ]
        )
        Policy(
            self,
            "Backlog",
            policy_name=f"{queue}-backlog",
            policy_type="TargetTrackingScaling",
            scaling_target_id=target.ref,
            target_tracking_scaling_policy_configuration=Policy.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=fleet.backlog,
                scale_out_cooldown=30,
                scale_in_cooldown=300,
                customized_metric_specification=tracked,
            ),
        )

    def _watch(self, queue: str, topic: sns.ITopic) -> None:
        says = f"A job of {queue} waits longer than {OLDEST_SECONDS} s, or nobody can tell."
        options = {"evaluation_periods": 3, "treat_missing_data": SILENCE}
        raise_alarm(self, "Oldest", told_of(self._namespace, queue, OLDEST), OLDEST_SECONDS, topic, says, **options)
        # Silence is what the alarm above is for.
        none = {"evaluation_periods": 3, "comparison_operator": BELOW}
        raise_alarm(self, "NoWorker", told_of(self._namespace, queue, WORKERS), 1, topic, f"Nobody works on {queue}.", **none)


def told_of(namespace: str, queue: str, name: str) -> cloudwatch.Metric:
    """A number of one queue, as the collector tells it."""
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map={QUEUE_DIMENSION: queue}, statistic="Maximum", period=MINUTE
    )


def _asked(name: str, namespace: str, metric: str, queue: str) -> Policy.TargetTrackingMetricDataQueryProperty:
    dimension = Policy.TargetTrackingMetricDimensionProperty(name=QUEUE_DIMENSION, value=queue)
    return Policy.TargetTrackingMetricDataQueryProperty(
        id=name,
        return_data=False,
        metric_stat=Policy.TargetTrackingMetricStatProperty(
            stat="Maximum",
            metric=Policy.TargetTrackingMetricProperty(namespace=namespace, metric_name=metric, dimensions=[dimension]),
        ),
    )
