"""What operators see and are told."""

import json
from itertools import chain
from typing import Any

import pytest
import yaml

from infra_cdk.apps import APPS, ERRORS, QUEUE_DIMENSION, QUEUES, RELEASED, STREAMLITS, AppSpec
from infra_cdk.config import DEV, PROD
from infra_cdk.constructs.questions import QUESTIONS
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly, Properties, Resource, flat, joined
from tests.infra_cdk.changed import MONITOR
from tests.infra_cdk.requirement import requirement

ANSWERING = [*(f"App-{app.slug}" for app in APPS), *(f"Pages-{app.slug}" for app in STREAMLITS)]
NAMED = [*(f"Site-{app.slug}" for app in APPS if app not in STREAMLITS), *(f"Public-{app.slug}" for app in STREAMLITS)]
SILENT = {name for name in NAMED if name.partition("-")[2] not in {app.slug for app in RELEASED}}
ALARM, SERVICE = "AWS::CloudWatch::Alarm", "AWS::ECS::Service"


def alarms(assembly: Assembly, stack: str, metric: str) -> list[Resource]:
    return [alarm for alarm in assembly.all(ALARM, stack) if f'"{metric}"' in flat(alarm.properties)]


def said(given: Properties) -> tuple[object, ...]:
    """When an alarm is raised: how it compares, with what, of how long, how often, and what silence means."""
    names = ("ComparisonOperator", "Threshold", "Period", "EvaluationPeriods", "TreatMissingData")
    return tuple(given.get(name) for name in names)


def dimensions(given: Properties) -> Properties:
    return {each["Name"]: each["Value"] for each in given["Dimensions"]}


@requirement("S175-S176", "A084", "A086")
def test_every_alarm_tells_operators_both_ways_and_where_to_read_on(prod: Assembly, dev: Assembly) -> None:
    for deployment, cache_nodes in ((prod, 2), (dev, 1)):
        topic, subscription = deployment.one("AWS::SNS::Topic"), deployment.one("AWS::SNS::Subscription")
        found = deployment.all(ALARM)

        assert len(found) == 7 * len(ANSWERING) + 5 * len(QUEUES) + 2 * len(APPS) + 9 + cache_nodes
        for alarm in found:
            # Nobody answers where nothing is built yet, and nobody needs to hear that.
            assert alarm.properties.get("ActionsEnabled", True) is (alarm.stack not in SILENT)
            for actions in (alarm["AlarmActions"], alarm["OKActions"]):
                assert [deployment.follow(alarm.stack, action) for action in actions] == [topic]
            assert " First five minutes: infra_cdk/RUNBOOK.md#alarm-" in alarm["AlarmDescription"]
            assert alarm.properties.get("MetricName") or alarm["Metrics"]
        assert deployment.follow("Platform", subscription["TopicArn"]) == topic
        assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", PROD.alarm_email)


def test_cloudwatch_may_publish_what_it_has_to_tell(prod: Assembly) -> None:
    """To a topic whose key it may use, or an alarm would change its colour and nobody would hear."""
    topic, key = prod.one("AWS::SNS::Topic"), prod.one("AWS::KMS::Key", "Platform")
    policy = prod.one("AWS::SNS::TopicPolicy")
    for who in ("cloudwatch", "budgets", "costalerts"):
        caller = {"Service": f"{who}.amazonaws.com"}
        (publish,) = [each for each in policy["PolicyDocument"]["Statement"] if each.get("Principal") == caller]
        (use,) = [each for each in key["KeyPolicy"]["Statement"] if each["Principal"] == caller]
        assert publish["Action"] == "sns:Publish"
        assert set(use["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert prod.follow("Platform", topic["KmsMasterKeyId"]) == key


@requirement("S179")
@pytest.mark.parametrize("stack", ANSWERING)
def test_one_answer_in_twenty_that_is_5xx_is_an_alarm_and_silence_is_none(prod: Assembly, stack: str) -> None:
    (alarm,) = alarms(prod, stack, "HTTPCode_Target_5XX_Count")
    (share,) = [each for each in alarm["Metrics"] if "Expression" in each]
    counted = {each["Id"]: each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each}
    target = prod.one("AWS::ElasticLoadBalancingV2::TargetGroup", stack)

    assert share["Expression"] == "IF(asked>0,100*FILL(failed,0)/asked,0)"
    assert share.get("ReturnData", True)
    assert {name: (each["Metric"]["MetricName"], each["Stat"], each["Period"]) for name, each in counted.items()} == {
        "failed": ("HTTPCode_Target_5XX_Count", "Sum", 300),
        "asked": ("RequestCount", "Sum", 300),
    }
    assert all(target.name in flat(each["Metric"]["Dimensions"]) for each in counted.values())
    assert said(alarm.properties) == ("GreaterThanThreshold", 5, None, 1, "notBreaching")


@requirement("S104", "S141")
@pytest.mark.parametrize("stack", ANSWERING)
def test_a_service_nobody_of_which_is_left_is_an_alarm(prod: Assembly, stack: str) -> None:
    (alarm,) = alarms(prod, stack, "HealthyHostCount")
    target = prod.one("AWS::ElasticLoadBalancingV2::TargetGroup", stack)

    assert alarm["Statistic"] == "Maximum"
    assert said(alarm.properties) == ("LessThanThreshold", 1, 60, 2, "breaching")
    assert set(dimensions(alarm.properties)) == {"LoadBalancer", "TargetGroup"}
    assert prod.follow(stack, dimensions(alarm.properties)["TargetGroup"]) == target


@requirement("S202")
@pytest.mark.parametrize("stack", NAMED)
def test_a_name_that_does_not_answer_from_outside_is_an_alarm(prod: Assembly, stack: str) -> None:
    (away,), (edge,) = alarms(prod, stack, "HealthCheckStatus"), alarms(prod, stack, "5xxErrorRate")
    check, distribution = prod.one("AWS::Route53::HealthCheck", stack), prod.one("AWS::CloudFront::Distribution", stack)

    assert (away["Namespace"], away["Statistic"]) == ("AWS/Route53", "Minimum")
    assert said(away.properties) == ("LessThanThreshold", 1, 60, 3, "breaching")
    assert prod.follow(stack, dimensions(away.properties)["HealthCheckId"]) == check
    assert said(edge.properties) == ("GreaterThanThreshold", 5, 300, 1, "notBreaching")
    assert dimensions(edge.properties) == {"DistributionId": {"Ref": distribution.name}, "Region": "Global"}


def test_answers_no_task_gave_are_an_alarm(prod: Assembly) -> None:
    (balancer,), (gateway,) = alarms(prod, "Observability", "HTTPCode_ELB_5XX_Count"), alarms(prod, "Observability", "5XXError")

    # Not a share: a request that finds no target is in no count of requests.
    assert (balancer["Statistic"], *said(balancer.properties)) == ("Sum", "GreaterThanThreshold", 10, 300, 1, "notBreaching")
    assert set(dimensions(balancer.properties)) == {"LoadBalancer"}
    assert (gateway["Statistic"], *said(gateway.properties)) == ("Average", "GreaterThanThreshold", 0.05, 300, 1, "notBreaching")
    assert dimensions(gateway.properties) == {"ApiName": prod.one("AWS::ApiGateway::RestApi")["Name"]}


@requirement("S180")
@pytest.mark.parametrize("metric", ["CPUUtilization", "MemoryUtilization"])
def test_a_service_that_is_85_percent_full_is_an_alarm(prod: Assembly, metric: str) -> None:
    found = [alarm for alarm in alarms(prod, "", metric) if alarm["Namespace"] == "AWS/ECS"]
    watched = [prod.follow(alarm.stack, dimensions(alarm.properties)["ServiceName"]) for alarm in found]

    assert sorted(each.name for each in watched) == sorted(service.name for service in prod.all(SERVICE))
    assert len(found) == len(ANSWERING) + len(QUEUES)
    for alarm in found:
        assert (alarm["Statistic"], *said(alarm.properties)) == ("Average", "GreaterThanThreshold", 85, 300, 1, "notBreaching")
        assert prod.follow(alarm.stack, dimensions(alarm.properties)["ClusterName"]) == prod.one("AWS::ECS::Cluster")


def test_a_database_that_is_85_percent_full_or_pays_for_credits_is_an_alarm(prod: Assembly) -> None:
    (full,) = [each for each in alarms(prod, "Observability", "CPUUtilization") if each["Namespace"] == "AWS/RDS"]
    (credits_,) = alarms(prod, "Observability", "CPUSurplusCreditsCharged")

    assert (full["Statistic"], full["Threshold"]) == ("Average", 85)
    assert (credits_["Statistic"], *said(credits_.properties)) == ("Maximum", "GreaterThanThreshold", 0, 300, 1, "notBreaching")


@requirement("S181")
def test_more_connections_than_usual_are_an_alarm(prod: Assembly) -> None:
    fixed, spike = sorted(alarms(prod, "Observability", "DatabaseConnections"), key=lambda alarm: alarm.name == "ConnectionSpike")
    (usual,), (connections,) = ([each for each in spike["Metrics"] if each["Id"] == name] for name in ("usual", "connections"))

    # Four fifths of what Aurora allows an instance with 4 GiB: LEAST(bytes / 9531392, 5000).
    assert fixed["Threshold"] == 0.8 * 405
    assert spike["ComparisonOperator"] == "GreaterThanUpperThreshold"
    assert spike["ThresholdMetricId"] == "usual"
    assert usual["Expression"] == "ANOMALY_DETECTION_BAND(connections, 3)"
    assert (connections["MetricStat"]["Stat"], connections["MetricStat"]["Period"]) == ("Maximum", 300)
    for watched in (fixed["Dimensions"], connections["MetricStat"]["Metric"]["Dimensions"]):
        assert [each["Name"] for each in watched] == ["DBClusterIdentifier"]
        assert prod.follow("Observability", watched[0]["Value"]) == prod.one("AWS::RDS::DBCluster")


@requirement("S182")
@pytest.mark.parametrize("stack", ANSWERING)
def test_slow_answers_are_an_alarm(prod: Assembly, stack: str) -> None:
    found = alarms(prod, stack, "TargetResponseTime")
    limits = {alarm["ExtendedStatistic"]: said(alarm.properties) for alarm in found}

    assert limits == {
        "p95": ("GreaterThanThreshold", 1, 300, 2, "notBreaching"),
        "p99": ("GreaterThanThreshold", 2, 300, 2, "notBreaching"),
    }
    target = prod.one("AWS::ElasticLoadBalancingV2::TargetGroup", stack)
    assert all(prod.follow(stack, dimensions(alarm.properties)["TargetGroup"]) == target for alarm in found)


def test_a_queue_nobody_can_read_is_an_alarm_as_one_that_waits_is(prod: Assembly) -> None:
    waiting, idle = (alarms(prod, "Workers", f"kotonoha.{name}") for name in ("queue.oldest_age", "workers.running"))

    for found in (waiting, idle):
        assert [dimensions(alarm.properties) for alarm in found] == [{QUEUE_DIMENSION: queue} for queue in QUEUES]
    assert {said(alarm.properties) for alarm in waiting} == {("GreaterThanThreshold", 120, 60, 3, "breaching")}
    assert {said(alarm.properties) for alarm in idle} == {("LessThanThreshold", 1, 60, 3, "notBreaching")}


def test_each_node_of_valkey_is_watched_by_the_name_the_group_gives_it(prod: Assembly, dev: Assembly) -> None:
    """A replication group has no such metric: its nodes are `<group>-001` and on, and CloudWatch knows them alone."""
    for deployment, nodes in ((prod, 2), (dev, 1)):
        cache = deployment.one("AWS::ElastiCache::ReplicationGroup")
        found = alarms(deployment, "Observability", "DatabaseMemoryUsagePercentage")
        named = [dimensions(alarm.properties) for alarm in found]

        assert cache["NumCacheClusters"] == nodes
        assert [set(each) for each in named] == [{"CacheClusterId"}] * nodes
        for number, each in enumerate(named, start=1):
            group, suffix = joined(each["CacheClusterId"])
            assert deployment.follow("Observability", group) == cache
            assert suffix == f"-00{number}"
        assert {said(alarm.properties) for alarm in found} == {("GreaterThanThreshold", 70, 300, 1, "notBreaching")}


@requirement("A083-A084")
def test_errors_in_a_log_become_a_number_and_that_an_alarm(prod: Assembly) -> None:
    filters = prod.all("AWS::Logs::MetricFilter")
    levels = " || ".join(f'($.level = "{level}")' for level in ERRORS)

    assert len(filters) == len(prod.all(SERVICE))
    assert {each["FilterPattern"] for each in filters} == {f"{{ {levels} }}"}
    for each in filters:
        (number,) = each["MetricTransformations"]
        log = prod.follow(each.stack, each["LogGroupName"])
        (raised,) = [alarm for alarm in alarms(prod, each.stack, number["MetricName"]) if alarm["Namespace"] == "Kotonoha/Errors"]
        assert log["LogGroupName"] == f"/kotonoha/{number['MetricName']}"
        assert (number["MetricValue"], number["DefaultValue"]) == ("1", 0)
        assert (raised["Statistic"], *said(raised.properties)) == ("Sum", "GreaterThanThreshold", 10, 300, 1, "notBreaching")


@requirement("S092", "A083")
def test_numbers_an_alarm_or_a_fleet_asks_for_are_told_by_those_dimensions(prod: Assembly) -> None:
    """The collector writes metrics into a log, out of which CloudWatch makes them: by the sets of dimensions it is told."""
    asked = {
        (metric["MetricName"], tuple(each["Name"] for each in metric.get("Dimensions", [])))
        for metric in chain(
            (alarm.properties for alarm in prod.all(ALARM)),
            (
                each["MetricStat"]["Metric"]
                for policy in prod.all("AWS::ApplicationAutoScaling::ScalingPolicy", "Workers")
                for each in policy["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]["Metrics"]
                if "MetricStat" in each
            ),
        )
        if metric.get("Namespace") == PROD.namespace
    }
    exporter = yaml.safe_load((ROOT / "docker" / "collector.yml").read_text())["exporters"]["awsemf"]
    told = {
        (name.strip("^$").replace("\\", ""), tuple(each))
        for row in exporter["metric_declarations"]
        for pattern in row["metric_name_selectors"]
        for name in _spelled(pattern)
        for each in row["dimensions"]
    }

    assert {name for name, _ in asked} >= {"kotonoha.queue.depth", "kotonoha.queue.oldest_age", "kotonoha.workers.running"}
    assert asked <= told
    # What each deployment fills in, by tests/infra_cdk/test_containers.py.
    assert (exporter["namespace"], exporter["log_group_name"]) == ("${env:METRICS_NAMESPACE}", "${env:METRICS_LOG}")


def _spelled(pattern: str) -> list[str]:
    """`a.(b|c)` as `a.b` and `a.c`."""
    before, _, rest = pattern.partition("(")
    choices, _, after = rest.partition(")")
    return [before + choice + after for choice in choices.split("|")]


def shown(assembly: Assembly, stack: str) -> dict[str, list[list[Any]]]:
    """The rows of each graph, by its title, as CloudWatch writes a metric: namespace, name, dimensions and how it is
    drawn. What is only known after a deployment is a word in angles."""
    body = assembly.one("AWS::CloudWatch::Dashboard", stack)["DashboardBody"]
    text = "".join(part if isinstance(part, str) else f"<{_named(part)}>" for part in joined(body))
    return {
        each["properties"]["title"]: each["properties"]["metrics"]
        for each in json.loads(text)["widgets"]
        if each["type"] == "metric"
    }


def _named(reference: Properties) -> str:
    return next(str(each[0] if isinstance(each, list) else each) for each in reference.values())


@requirement("S171-S172", "A085")
@pytest.mark.parametrize("app", APPS, ids=lambda app: app.slug)
def test_each_app_has_a_page_of_how_its_services_are(prod: Assembly, app: AppSpec) -> None:
    graphs = shown(prod, f"Health-{app.slug}")
    services = [f"{app.slug} api", *([f"{app.slug} pages"] if app in STREAMLITS else [])]

    assert set(graphs) == {
        f"{name}: {what}" for name in services for what in ("load", "answers", "5xx %", "healthy and not", "asked")
    }
    for name in services:
        assert _metrics(graphs[f"{name}: load"]) == ["CPUUtilization", "MemoryUtilization"]
        assert _metrics(graphs[f"{name}: answers"]) == ["TargetResponseTime"] * 3
        assert [each[-1]["stat"] for each in graphs[f"{name}: answers"]] == ["p50", "p95", "p99"]
        assert _metrics(graphs[f"{name}: healthy and not"]) == ["HealthyHostCount", "UnHealthyHostCount"]


KEPT = ("AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::TargetGroup")


def test_what_a_release_replaces_can_be_replaced_while_a_page_shows_it(prod: Assembly) -> None:
    """An export cannot change while somebody imports it; a parameter can."""
    released = [*ANSWERING, "Workers"]
    exported = [each for stack in released for each in prod.templates[stack].get("Outputs", {}).values() if "Export" in each]
    kept = {
        each["Name"]: prod.follow(each.stack, each["Value"]) for each in prod.all("AWS::SSM::Parameter") if each.stack in released
    }

    assert exported == []
    services, targets = (sorted(one.name for one in kept.values() if one.type == kind) for kind in KEPT)
    assert services == sorted(one.name for one in prod.all(SERVICE))
    assert targets == sorted(one.name for one in prod.all(KEPT[1]))
    read = [
        each["Default"]
        for stack in ("Observability", *(f"Health-{app.slug}" for app in APPS))
        for each in prod.templates[stack]["Parameters"].values()
        if each["Type"] == "AWS::SSM::Parameter::Value<String>" and each["Default"] in kept
    ]
    assert sorted(read) == sorted(kept)
    assert "Workers" in prod.needs("Observability")


def _metrics(rows: list[list[Any]]) -> list[object]:
    return [row[1] for row in rows]


@requirement("S167", "S171-S172", "A085")
def test_one_page_shows_every_service_and_every_queue(prod: Assembly) -> None:
    graphs = shown(prod, "Observability")

    for metric in ("CPUUtilization", "MemoryUtilization"):
        # Of whatever services there are by then.
        (found,) = graphs[f"Every service: {metric}"]
        assert '{AWS/ECS,ClusterName,ServiceName} ClusterName=\\"<' in flat(found).replace('\\\\"', '\\"')
        assert metric in flat(found)
    for queue in QUEUES:
        assert _metrics(graphs[f"worker {queue}: load"]) == ["CPUUtilization", "MemoryUtilization"]
        rows = graphs[f"Queue {queue}"]
        names = ["kotonoha.queue.depth", "kotonoha.queue.running", "kotonoha.workers.running", "kotonoha.queue.oldest_age"]
        assert _metrics(rows) == names
        assert all(row[:4:3] == [PROD.namespace, queue] for row in rows)
    assert {"Database", "Balancer: asked, and answered by nobody", "Cost of providers, micro-dollars"} <= set(graphs)


@requirement("S173")
def test_the_bill_is_watched(prod: Assembly, dev: Assembly) -> None:
    for deployment, name, dollars in ((prod, "prod", PROD.budget_usd), (dev, "dev", DEV.budget_usd)):
        budget, topic = deployment.one("AWS::Budgets::Budget"), deployment.one("AWS::SNS::Topic")
        rows = budget["NotificationsWithSubscribers"]

        assert budget["Budget"]["CostFilters"] == {"TagKeyValue": [f"user:deployment${name}"]}
        assert {"Key": "deployment", "Value": name} in deployment.one("AWS::RDS::DBCluster")["Tags"]
        assert budget["Budget"]["BudgetLimit"] == {"Amount": dollars, "Unit": "USD"}
        assert (budget["Budget"]["BudgetType"], budget["Budget"]["TimeUnit"]) == ("COST", "MONTHLY")
        assert {(each["Notification"]["NotificationType"], each["Notification"]["Threshold"]) for each in rows} == {
            ("ACTUAL", 80),
            ("FORECASTED", 100),
        }
        for each in rows:
            assert [deployment.follow("Observability", one["Address"]) for one in each["Subscribers"]] == [topic]
    assert _metrics(shown(prod, "Observability")["Bill this month, dollars"]) == ["EstimatedCharges"]


@requirement("S173")
def test_calls_to_models_which_carry_no_tag_are_counted_by_who_makes_them(prod: Assembly, dev: Assembly) -> None:
    for deployment, told in ((prod, PROD), (dev, DEV)):
        (alarm,) = alarms(deployment, "Observability", "kotonoha.provider.cost")
        most = told.models_usd_a_day * 1_000_000

        assert (alarm["Namespace"], alarm["Statistic"], alarm.properties.get("Dimensions", [])) == (told.namespace, "Sum", [])
        assert said(alarm.properties) == ("GreaterThanThreshold", most, 86_400, 1, "notBreaching")


@requirement("S173")
def test_a_service_that_costs_more_than_usual_is_told(prod: Assembly) -> None:
    monitor, subscription = prod.one("AWS::CE::AnomalyMonitor"), prod.one("AWS::CE::AnomalySubscription")

    assert (monitor["MonitorType"], monitor["MonitorDimension"]) == ("DIMENSIONAL", "SERVICE")
    assert [prod.follow("Observability", arn) for arn in subscription["MonitorArnList"]] == [monitor]
    assert prod.follow("Observability", subscription["Subscribers"][0]["Address"]) == prod.one("AWS::SNS::Topic")


def test_an_account_that_has_a_monitor_of_services_is_not_asked_for_a_second(changed: Assembly) -> None:
    """AWS makes one in most accounts, and refuses another."""
    subscription = changed.one("AWS::CE::AnomalySubscription")

    assert changed.all("AWS::CE::AnomalyMonitor") == []
    assert subscription["MonitorArnList"] == [MONITOR]


@requirement("S186")
def test_questions_to_the_logs_are_written_down(prod: Assembly) -> None:
    """What they ask for is held against what is logged by tests/house/test_logged.py."""
    workers = {log["LogGroupName"] for log in prod.all("AWS::Logs::LogGroup", "Workers")}

    for folder, stack, own in [
        ("kotonoha-prod", "Observability", set[str]()),
        *((f"kotonoha-prod/{app.slug}", f"Health-{app.slug}", {f"App-{app.slug}", f"Pages-{app.slug}"}) for app in APPS),
    ]:
        found = prod.all("AWS::Logs::QueryDefinition", stack)
        logs = {log["LogGroupName"] for log in prod.all("AWS::Logs::LogGroup") if log.stack in own} | workers

        assert {each["Name"] for each in found} == {f"{folder}/{name}" for name in QUESTIONS}
        for each in found:
            assert set(each["LogGroupNames"]) == logs
            assert each["QueryString"].endswith(QUESTIONS[each["Name"].rpartition("/")[2]])
