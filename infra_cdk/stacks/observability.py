"""What operators see and are told: one dashboard, alarms on the stores, questions to the logs, and the bill."""

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_ce as ce
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb

from infra_cdk.apps import QUEUES
from infra_cdk.constructs.alarms import FIVE_MINUTES, raise_alarm, told
from infra_cdk.constructs.fargate_app import FargateApp
from infra_cdk.constructs.health_page import found, graph, load_of
from infra_cdk.constructs.questions import ask
from infra_cdk.constructs.spot_worker import DEPTH, OLDEST, RUNNING, WORKERS, told_of
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.platform import Platform
from infra_cdk.stacks.stores import Stores
from infra_cdk.stacks.workers import Workers

GIB = 1024**3
COST = "kotonoha.provider.cost"
MOST_CONNECTIONS = 405
"""What Aurora allows a db.t4g.medium: LEAST(4 GiB / 9531392, 5000)."""


class Observability(DeployedStack):
    """Each service watches itself in its own stack, each app has a page of its own; here is what all of them share, so that it
    can be deployed before the first of them is."""

    def __init__(self, place: Place, stores: Stores, ingress: Ingress, platform: Platform, workers: Workers) -> None:
        super().__init__(place)
        self.add_dependency(workers)
        self._platform, self._stores = platform, stores
        self._watch_database()
        self._watch_volume()
        self._watch_cache()
        self._watch_ways_in(ingress)
        self._show(ingress, workers)
        ask(self, f"kotonoha-{self.deployment.name}", [app.log_name for app in workers.apps.values()])
        self._count_money()

    def _database(self, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/RDS",
            metric_name=name,
            dimensions_map={"DBClusterIdentifier": self._stores.cluster.cluster_identifier},
            statistic=statistic,
            period=FIVE_MINUTES,
        )

    def _watch_database(self) -> None:
        connections, topic = self._database("DatabaseConnections"), self._platform.topic
        raise_alarm(self, "Connections", connections, 0.8 * MOST_CONNECTIONS, topic, "Aurora has nearly no connections left.")
        spike = cloudwatch.CfnAlarm(
            self,
            "ConnectionSpike",
            alarm_description=told("Many more connections than at other times.", "ConnectionSpike"),
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
        # Aurora's T4g are never slowed down: what they use beyond what they earn is paid for.
        charged = self._database("CPUSurplusCreditsCharged")
        raise_alarm(self, "Credits", charged, 0, topic, "Aurora pays for processor credits beyond those it earns.")
        processor = self._database("CPUUtilization", "Average")
        raise_alarm(self, "DatabaseCpu", processor, 85, topic, "Aurora's processor above 85 %.")

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
                section="Volume",
            )

    def _watch_cache(self) -> None:
        """A replication group has no such number; each of its nodes has, by the name the group gives it."""
        for number in range(1, self.deployment.cache_nodes + 1):
            used = cloudwatch.Metric(
                namespace="AWS/ElastiCache",
                metric_name="DatabaseMemoryUsagePercentage",
                dimensions_map={"CacheClusterId": f"{self._stores.cache.ref}-{number:03}"},
                statistic="Maximum",
                period=FIVE_MINUTES,
            )
            says = f"Node {number} of Valkey fills up, and evicts nothing."
            raise_alarm(self, f"CacheMemory{number}", used, 70, self._platform.topic, says, section="CacheMemory")

    def _watch_ways_in(self, ingress: Ingress) -> None:
        """Answers that no task gave. They are counted, not compared: requests that reached no task are counted nowhere."""
        unanswered = ingress.balancer.metrics.http_code_elb(elb.HttpCodeElb.ELB_5XX_COUNT, statistic="Sum", period=FIVE_MINUTES)
        says = "The balancer itself answered more than 10 requests with 5xx in five minutes."
        raise_alarm(self, "Balancer5xx", unanswered, 10, self._platform.topic, says)
        failing = ingress.api.metric_server_error(statistic="Average", period=FIVE_MINUTES)
        says = "API Gateway answers more than 5 % with 5xx."
        raise_alarm(self, "Gateway5xx", failing, 0.05, self._platform.topic, says)

    def _show(self, ingress: Ingress, workers: Workers) -> None:
        name = f"kotonoha-{self.deployment.name}"
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name)
        dashboard.add_widgets(
            cloudwatch.TextWidget(markdown="# All services. Each app has a page of its own as well.", width=24, height=1)
        )
        dashboard.add_widgets(*self._every_service(ingress))
        dashboard.add_widgets(*(self._load(queue, app) for queue, app in workers.apps.items()))
        dashboard.add_widgets(*(self._queue(queue) for queue in QUEUES))
        dashboard.add_widgets(
            graph("Database", self._database("DatabaseConnections"), self._database("CPUUtilization", "Average")),
            graph("Cost of providers, micro-dollars", found(self._ours(COST), "Sum")),
            graph("Bill this month, dollars", _bill()),
        )

    def _load(self, queue: str, app: FargateApp) -> cloudwatch.GraphWidget:
        return load_of(self, f"worker {queue}", self._platform.cluster.cluster_name, app)

    def _every_service(self, ingress: Ingress) -> Iterator[cloudwatch.GraphWidget]:
        inside = f'{{AWS/ECS,ClusterName,ServiceName}} ClusterName="{self._platform.cluster.cluster_name}"'
        for metric in ("CPUUtilization", "MemoryUtilization"):
            yield graph(f"Every service: {metric}", found(f'{inside} MetricName="{metric}"', "Average"))
        metrics = ingress.balancer.metrics
        failed = metrics.http_code_elb(elb.HttpCodeElb.ELB_5XX_COUNT)
        yield graph("Balancer: asked, and answered by nobody", metrics.request_count(), failed)

    def _queue(self, queue: str) -> cloudwatch.GraphWidget:
        return graph(
            f"Queue {queue}", *(told_of(self.deployment.namespace, queue, name) for name in (DEPTH, RUNNING, WORKERS, OLDEST))
        )

    def _ours(self, name: str) -> str:
        return f'Namespace="{self.deployment.namespace}" MetricName="{name}"'

    def _count_money(self) -> None:
        told = budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self._platform.topic.topic_arn)
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=self.deployment.budget_usd, unit="USD"),
                cost_filters={"TagKeyValue": [f"user:deployment${self.deployment.name}"]},
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
        self._count_models()
        if self.deployment.watches_spending:
            self._watch_spending()

    def _count_models(self) -> None:
        """Calls to models and recordings carry no tag, so no budget of ours sees them; what each cost is told by who made it."""
        told = cloudwatch.Metric(namespace=self.deployment.namespace, metric_name=COST, statistic="Sum", period=Duration.days(1))
        most = self.deployment.models_usd_a_day
        says = f"Calls to models cost more than {most} dollars in a day."
        raise_alarm(self, "Models", told, most * 1_000_000, self._platform.topic, says)

    def _monitor(self) -> str:
        """The ARN of the account's one monitor of what each service costs: a second one would be refused."""
        if self.deployment.spending_monitor:
            return self.deployment.spending_monitor
        return ce.CfnAnomalyMonitor(
            self,
            "Spending",
            monitor_name=f"kotonoha-{self.deployment.name}",
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
        ).attr_monitor_arn

    def _watch_spending(self) -> None:
        ce.CfnAnomalySubscription(
            self,
            "SpendingTold",
            subscription_name=f"kotonoha-{self.deployment.name}",
            frequency="IMMEDIATE",
            monitor_arn_list=[self._monitor()],
            subscribers=[ce.CfnAnomalySubscription.SubscriberProperty(type="SNS", address=self._platform.topic.topic_arn)],
            threshold_expression=(
                '{"Dimensions":{"Key":"ANOMALY_TOTAL_IMPACT_ABSOLUTE","MatchOptions":["GREATER_THAN_OR_EQUAL"],"Values":["20"]}}'
            ),
        )


def _bill() -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Billing",
        metric_name="EstimatedCharges",
        dimensions_map={"Currency": "USD"},
        statistic="Maximum",
        period=Duration.hours(6),
    )
