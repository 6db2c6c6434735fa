"""What a dashboard shows of one service: how full it is and, where it answers, how fast, how often in vain, and by how many."""

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra_cdk.constructs.alarms import failing_share
from infra_cdk.constructs.fargate_app import FargateApp


def load_of(page: Construct, name: str, cluster: str, app: FargateApp) -> cloudwatch.GraphWidget:
    """Of the service there is when `page` is deployed."""
    service = ssm.StringParameter.value_for_string_parameter(page, app.kept_service)
    return graph(f"{name}: load", *(_used(metric, cluster, service) for metric in ("CPUUtilization", "MemoryUtilization")))


def _used(metric: str, cluster: str, service: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ECS", metric_name=metric, dimensions_map={"ClusterName": cluster, "ServiceName": service}
    )


def answers_of(name: str, target: elb.IApplicationTargetGroup) -> Iterator[cloudwatch.GraphWidget]:
    metrics = target.metrics
    yield graph(f"{name}: answers", *(metrics.target_response_time(statistic=each) for each in ("p50", "p95", "p99")))
    yield graph(f"{name}: 5xx %", failing_share(target))
    yield graph(f"{name}: healthy and not", metrics.healthy_host_count(), metrics.unhealthy_host_count())
    yield graph(f"{name}: asked", metrics.request_count())


def graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=5)


def found(search: str, statistic: str) -> cloudwatch.MathExpression:
    """Whatever there is by now of such metrics: services come and go without this page being deployed again."""
    return cloudwatch.MathExpression(expression=f"SEARCH('{search}', '{statistic}', 300)", using_metrics={}, label="")
