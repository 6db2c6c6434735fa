"""Alarms that somebody is told about, each with where to read what to do."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra_cdk.apps import ERRORS

RUNBOOK = "infra_cdk/RUNBOOK.md"
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
SILENCE = cloudwatch.TreatMissingData.BREACHING
"""For what is told all the time: when nobody tells it any more, that is the news."""
MINUTE, FIVE_MINUTES = Duration.minutes(1), Duration.minutes(5)


def told(says: str, section: str) -> str:
    """The text an operator is sent, and the runbook's section for their first five minutes."""
    return f"{says} First five minutes: {RUNBOOK}#alarm-{section.lower()}"


def raise_alarm(
    scope: Construct,
    name: str,
    metric: cloudwatch.IMetric,
    threshold: float,
    topic: sns.ITopic,
    says: str,
    *,
    section: str = "",
    **options: object,
) -> cloudwatch.Alarm:
    """Silence is no alarm unless `options` say so. `section` of the runbook is the alarm's own name, unless several share one."""
    settings = {
        "evaluation_periods": 1,
        "comparison_operator": ABOVE,
        "treat_missing_data": cloudwatch.TreatMissingData.NOT_BREACHING,
    }
    alarm = cloudwatch.Alarm(
        scope,
        name,
        metric=metric,
        threshold=threshold,
        alarm_description=told(says, section or name),
        **(settings | options),
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    alarm.add_ok_action(actions.SnsAction(topic))
    return alarm


def watch_service(scope: Construct, name: str, service: ecs.FargateService, log: logs.ILogGroup, topic: sns.ITopic) -> None:
    """Whether a service is full, and whether it says that something went wrong."""
    _watch_load(scope, service, topic)
    _watch_log(scope, name, log, topic)


def _watch_load(scope: Construct, service: ecs.FargateService, topic: sns.ITopic) -> None:
    """Processor and memory above 85 %."""
    dimensions = {"ClusterName": service.cluster.cluster_name, "ServiceName": service.service_name}
    for name, metric in (("CPUUtilization", "Processor"), ("MemoryUtilization", "Memory")):
        used = cloudwatch.Metric(
            namespace="AWS/ECS", metric_name=name, dimensions_map=dimensions, statistic="Average", period=FIVE_MINUTES
        )
        raise_alarm(scope, name, used, 85, topic, f"{metric} above 85 % in {service.node.path}.")


def _watch_log(scope: Construct, name: str, log: logs.ILogGroup, topic: sns.ITopic) -> None:
    """A worker that crashes answers nobody with a 5xx; its log is where it shows."""
    counted = logs.MetricFilter(
        scope,
        "Errors",
        log_group=log,
        filter_pattern=logs.FilterPattern.any(*(logs.FilterPattern.string_value("$.level", "=", each) for each in ERRORS)),
        metric_namespace="Kotonoha/Errors",
        metric_name=name,
        metric_value="1",
        default_value=0,
    )
    errors = counted.metric(statistic="Sum", period=FIVE_MINUTES)
    raise_alarm(scope, "ErrorsLogged", errors, 10, topic, f"{name} logged more than 10 errors in five minutes.")


def failing_share(target: elb.IApplicationTargetGroup) -> cloudwatch.MathExpression:
    """Percent of answers that were 5xx in five minutes, and none while nobody asks."""
    metrics = target.metrics
    code = elb.HttpCodeTarget.TARGET_5XX_COUNT
    using: Mapping[str, cloudwatch.IMetric] = {
        "failed": metrics.http_code_target(code, statistic="Sum", period=FIVE_MINUTES),
        "asked": metrics.request_count(statistic="Sum", period=FIVE_MINUTES),
    }
    return cloudwatch.MathExpression(
        expression="IF(asked>0,100*FILL(failed,0)/asked,0)", using_metrics=using, period=FIVE_MINUTES, label="5xx %"
    )


def watch_answers(scope: Construct, name: str, target: elb.IApplicationTargetGroup, topic: sns.ITopic) -> str:
    """The name of the alarm a deployment is rolled back by."""
    failing = f"{name}-5xx"
    raise_alarm(scope, "5xx", failing_share(target), 5, topic, "More than 5 % of answers are 5xx.", alarm_name=failing)
    for percentile, seconds in (("p95", 1), ("p99", 2)):
        slow = target.metrics.target_response_time(statistic=percentile, period=FIVE_MINUTES)
        says = f"{percentile} of answers above {seconds} s."
        raise_alarm(scope, percentile, slow, seconds, topic, says, section="Slow", evaluation_periods=2)
    _watch_presence(scope, name, target, topic)
    return failing


def _watch_presence(scope: Construct, name: str, target: elb.IApplicationTargetGroup, topic: sns.ITopic) -> None:
    """A service that is gone answers nothing, so no share of its answers is 5xx."""
    healthy = target.metrics.healthy_host_count(statistic="Maximum", period=MINUTE)
    says = f"No task of {name} is healthy."
    options = {"comparison_operator": BELOW, "treat_missing_data": SILENCE, "evaluation_periods": 2}
    raise_alarm(scope, "NobodyHealthy", healthy, 1, topic, says, **options)


def watch_from_outside(
    scope: Construct, host: str, check: route53.CfnHealthCheck, edge: cloudfront.Distribution, topic: sns.ITopic, *, rings: bool
) -> None:
    """What a learner would see: the check that calls the public name, and what CloudFront answers them."""
    reached = cloudwatch.Metric(
        namespace="AWS/Route53",
        metric_name="HealthCheckStatus",
        dimensions_map={"HealthCheckId": check.attr_health_check_id},
        statistic="Minimum",
        period=MINUTE,
    )
    options = {"comparison_operator": BELOW, "treat_missing_data": SILENCE, "evaluation_periods": 3, "actions_enabled": rings}
    raise_alarm(scope, "Away", reached, 1, topic, f"{host} does not answer from outside.", **options)
    # The construct's own metric forgets where, and CloudFront tells it under no other dimensions than these two.
    failing = cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name="5xxErrorRate",
        dimensions_map={"DistributionId": edge.distribution_id, "Region": "Global"},
        statistic="Average",
        period=FIVE_MINUTES,
    )
    says = f"CloudFront answers more than 5 % at {host} with 5xx."
    raise_alarm(scope, "Edge5xx", failing, 5, topic, says, actions_enabled=rings)
