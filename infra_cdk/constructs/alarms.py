"""Alarms that somebody is told about, each with where to read what to do."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_sns as sns
from constructs import Construct

RUNBOOK = "infra_cdk/RUNBOOK.md#an-alarm"
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
FIVE_MINUTES = Duration.minutes(5)


def raise_alarm(
    scope: Construct, name: str, metric: cloudwatch.IMetric, threshold: float, topic: sns.ITopic, says: str, **options: object
) -> cloudwatch.Alarm:
    """Silence is no alarm unless `options` say so."""
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
        alarm_description=f"{says} First five minutes: {RUNBOOK}",
        **(settings | options),
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    alarm.add_ok_action(actions.SnsAction(topic))
    return alarm


def watch_load(scope: Construct, service: ecs.FargateService, topic: sns.ITopic, **dimensions: str) -> None:
    """Processor and memory above 85 %."""
    for name, metric in (("CPUUtilization", "Processor"), ("MemoryUtilization", "Memory")):
        used = cloudwatch.Metric(
            namespace="AWS/ECS", metric_name=name, dimensions_map=dimensions, statistic="Average", period=FIVE_MINUTES
        )
        raise_alarm(scope, name, used, 85, topic, f"{metric} above 85 % in {service.node.path}.")


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
        raise_alarm(scope, percentile, slow, seconds, topic, f"{percentile} of answers above {seconds} s.", evaluation_periods=2)
    return failing
