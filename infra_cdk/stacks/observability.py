"""What operators see and are told: one dashboard, alarms on the stores, questions to the logs, and the bill."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_ce as ce
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra_cdk.apps import NAMESPACE, QUEUE_DIMENSION, QUEUES
from infra_cdk.config import Deployment
from infra_cdk.constructs.alarms import failing_share, raise_alarm
from infra_cdk.constructs.fargate_app import FargateApp
from infra_cdk.constructs.spot_worker import DEPTH, OLDEST, RUNNING, WORKERS
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.stores import Stores

GIB = 1024**3
MOST_CONNECTIONS = 405
"""What Aurora allows a db.t4g.medium: LEAST(4 GiB / 9531392, 5000)."""

QUESTIONS = {
    "errors-by-route": "filter level = 'error' | stats count(*) as errors by route, event | sort errors desc",
    "slowest-jobs": "filter event = 'job finished' | sort seconds desc | limit 50",
    "one-trace": "filter trace_id = 'put the id here' | sort @timestamp asc",
    "lost-telemetry": "filter event = 'telemetry lost' | stats sum(traces), sum(metrics) by bin(5m)",
}


class Observability(Stack):
    """Each service watches itself in its own stack; here is what several share."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        deployment: Deployment,
        stores: Stores,
        ingress: Ingress,
        platform: Platform,
        services: Mapping[str, FargateApp],
        targets: Mapping[str, object],
        **options: object,
    ) -> None:
        super().__init__(scope, name, **options)
        self._deployment, self._platform, self._stores = deployment, platform, stores
        self._watch_database()
        self._watch_volume()
        self._watch_cache()
        self._show(ingress, services, targets)
        self._ask(list(services.values()))
        self._count_money()

    def _database(self, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/RDS",
            metric_name=name,
            dimensions_map={"DBClusterIdentifier": self._stores.cluster.cluster_identifier},
            statistic=statistic,
            period=Duration.minutes(5),
        )

    def _watch_database(self) -> None:
        connections, topic = self._database("DatabaseConnections"), self._platform.topic
        raise_alarm(self, "Connections", connections, 0.8 * MOST_CONNECTIONS, topic, "Aurora has nearly no connections left.")
        spike = cloudwatch.CfnAlarm(
            self,
            "ConnectionSpike",
            alarm_description="Many more connections than at other times. First five minutes: infra_cdk/RUNBOOK.md#an-alarm",
            comparison_operator="GreaterThanUpperThreshold",
            evaluation_periods=2,
            threshold_metric_id="usual",
            treat_missing_data="notBreaching",
            alarm_actions=[topic.topic_arn],
            ok_actions=[topic.topic_arn],
            metrics=[
                {
                    "id": "connections",
                    "returnData": True,
                    "metricStat": {
                        "stat": "Maximum",
                        "period": 300,
                        "metric": {
                            "namespace": "AWS/RDS",
                            "metricName": "DatabaseConnections",
                            "dimensions": [{"name": "DBClusterIdentifier", "value": self._stores.cluster.cluster_identifier}],
                        },
                    },
                },
                {"id": "usual", "expression": "ANOMALY_DETECTION_BAND(connections, 3)", "returnData": True},
            ],
        )
        spike.node.add_dependency(topic)
        below = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        credit = self._database("CPUCreditBalance", "Minimum")
        raise_alarm(self, "Credits", credit, 50, topic, "Aurora runs out of processor credits.", comparison_operator=below)
        for name in ("CPUUtilization",):
            raise_alarm(self, "DatabaseCpu", self._database(name, "Average"), 85, topic, "Aurora's processor above 85 %.")

    def _watch_volume(self) -> None:
        """Aurora grows by itself and knows neither a least nor a most; these figures are where somebody should look."""
        for size in (80, 100):
            raise_alarm(
                self,
                f"Volume{size}",
                self._database("VolumeBytesUsed"),
                size * GIB,
                self._platform.topic,
                f"The database holds {size} GiB.",
            )

    def _watch_cache(self) -> None:
        used = cloudwatch.Metric(
            namespace="AWS/ElastiCache",
            metric_name="DatabaseMemoryUsagePercentage",
            dimensions_map={"ReplicationGroupId": self._stores.cache.ref},
            statistic="Maximum",
            period=Duration.minutes(5),
        )
        raise_alarm(self, "CacheMemory", used, 70, self._platform.topic, "Valkey fills up, and evicts nothing.")

    def _show(self, ingress: Ingress, services: Mapping[str, FargateApp], targets: Mapping[str, object]) -> None:
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=f"kotonoha-{self._deployment.name}")
        dashboard.add_widgets(cloudwatch.TextWidget(markdown="# Health of each service", width=24, height=1))
        for name, app in services.items():
            dashboard.add_widgets(*self._row(name, app, targets.get(name)))
        dashboard.add_widgets(*(self._queue(queue) for queue in QUEUES))
        dashboard.add_widgets(
            _graph("Database", self._database("DatabaseConnections"), self._database("CPUUtilization", "Average")),
            _graph("Cost of providers, micro-dollars", _search("kotonoha.provider.cost")),
            _graph("Bill this month, dollars", _bill()),
        )

    def _row(self, name: str, app: FargateApp, target: object) -> Sequence[cloudwatch.IWidget]:
        load = _graph(f"{name}: load", app.service.metric_cpu_utilization(), app.service.metric_memory_utilization())
        if target is None:
            return [load]
        slow = [target.metrics.target_response_time(statistic=each) for each in ("p50", "p95", "p99")]  # type: ignore[attr-defined]
        return [load, _graph(f"{name}: answers", *slow), _graph(f"{name}: 5xx %", failing_share(target))]

    def _queue(self, queue: str) -> cloudwatch.GraphWidget:
        metrics = [
            cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=name,
                dimensions_map={QUEUE_DIMENSION: queue},
                statistic="Maximum",
                period=Duration.minutes(1),
            )
            for name in (DEPTH, RUNNING, WORKERS, OLDEST)
        ]
        return _graph(f"Queue {queue}", *metrics)

    def _ask(self, services: Sequence[FargateApp]) -> None:
        for name, question in QUESTIONS.items():
            logs.CfnQueryDefinition(
                self,
                name,
                name=f"kotonoha-{self._deployment.name}/{name}",
                query_string=f"fields @timestamp, event, trace_id | {question}",
                log_group_names=[app.log.log_group_name for app in services],
            )

    def _count_money(self) -> None:
        told = budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self._platform.topic.topic_arn)
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=self._deployment.budget_usd, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type=kind, comparison_operator="GREATER_THAN", threshold=share
                    ),
                    subscribers=[told],
                )
                for kind, share in (("ACTUAL", 80), ("FORECASTED", 100))
            ],
        )
        monitor = ce.CfnAnomalyMonitor(
            self,
            "Spending",
            monitor_name=f"kotonoha-{self._deployment.name}",
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
        )
        ce.CfnAnomalySubscription(
            self,
            "SpendingTold",
            subscription_name=f"kotonoha-{self._deployment.name}",
            frequency="IMMEDIATE",
            monitor_arn_list=[monitor.attr_monitor_arn],
            subscribers=[ce.CfnAnomalySubscription.SubscriberProperty(type="SNS", address=self._platform.topic.topic_arn)],
            threshold_expression=(
                '{"Dimensions":{"Key":"ANOMALY_TOTAL_IMPACT_ABSOLUTE","MatchOptions":["GREATER_THAN_OR_EQUAL"],"Values":["20"]}}'
            ),
        )


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=5)


def _search(name: str) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression=f"SUM(SEARCH('Namespace=\"{NAMESPACE}\" MetricName=\"{name}\"', 'Sum', 300))", using_metrics={}, label=name
    )


def _bill() -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Billing",
        metric_name="EstimatedCharges",
        dimensions_map={"Currency": "USD"},
        statistic="Maximum",
        period=Duration.hours(6),
    )
