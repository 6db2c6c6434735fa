"""What operators see and are told."""

import pytest

from infra_cdk.apps import APPS, QUEUES, STREAMLITS
from infra_cdk.config import PROD
from tests.infra_cdk.assembly import Assembly, Resource, flat
from tests.infra_cdk.requirement import requirement

ANSWERING = [*(f"App-{app.slug}" for app in APPS), *(f"Pages-{app.slug}" for app in STREAMLITS)]


def alarms(assembly: Assembly, stack: str, metric: str) -> list[Resource]:
    return [alarm for alarm in assembly.all("AWS::CloudWatch::Alarm", stack) if f'"{metric}"' in flat(alarm.properties)]


@requirement("S175-S176", "A084", "A086")
def test_every_alarm_tells_operators_both_ways_and_where_to_read_on(prod: Assembly) -> None:
    topic = prod.one("AWS::SNS::Topic")

    found = prod.all("AWS::CloudWatch::Alarm")
    assert len(found) == 5 * len(ANSWERING) - len(ANSWERING) + len(ANSWERING) + 3 * len(QUEUES) + 7
    for alarm in found:
        for actions in (alarm["AlarmActions"], alarm["OKActions"]):
            assert [prod.follow(alarm.stack, action) for action in actions] == [topic]
        assert alarm["AlarmDescription"].endswith("First five minutes: infra_cdk/RUNBOOK.md#an-alarm")
    assert prod.one("AWS::SNS::Subscription")["Endpoint"] == PROD.alarm_email


@requirement("S177")
def test_an_alarm_leads_to_a_page_that_says_what_to_do() -> None:
    from tests.house.tree import ROOT

    assert "\n## An alarm\n" in (ROOT / "infra_cdk" / "RUNBOOK.md").read_text()


@requirement("S179")
@pytest.mark.parametrize("stack", ANSWERING)
def test_one_answer_in_twenty_that_is_5xx_is_an_alarm_and_silence_is_none(prod: Assembly, stack: str) -> None:
    (alarm,) = alarms(prod, stack, "HTTPCode_Target_5XX_Count")
    (share,) = [each for each in alarm["Metrics"] if "Expression" in each]

    assert share["Expression"] == "IF(asked>0,100*FILL(failed,0)/asked,0)"
    assert {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each} == {300}
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (5, "GreaterThanThreshold")
    assert alarm["TreatMissingData"] == "notBreaching"


@requirement("S180")
def test_a_service_that_is_85_percent_full_is_an_alarm(prod: Assembly) -> None:
    for metric in ("CPUUtilization", "MemoryUtilization"):
        found = [alarm for alarm in alarms(prod, "", metric) if alarm["Namespace"] == "AWS/ECS"]
        named = {flat(alarm["Dimensions"]) for alarm in found}

        assert len(found) == len(named) or len(found) == len(prod.all("AWS::ECS::Service"))
        assert {alarm["Threshold"] for alarm in found} == {85}
        assert all({each["Name"] for each in alarm["Dimensions"]} == {"ClusterName", "ServiceName"} for alarm in found)


@requirement("S181")
def test_more_connections_than_usual_are_an_alarm(prod: Assembly) -> None:
    fixed, spike = sorted(alarms(prod, "Observability", "DatabaseConnections"), key=lambda alarm: alarm.name == "ConnectionSpike")

    assert fixed["Threshold"] == 0.8 * 405
    assert spike["ThresholdMetricId"] == "usual"
    assert "ANOMALY_DETECTION_BAND(connections, 3)" in flat(spike["Metrics"])


@requirement("S182")
@pytest.mark.parametrize("stack", ANSWERING)
def test_slow_answers_are_an_alarm(prod: Assembly, stack: str) -> None:
    limits = {alarm["ExtendedStatistic"]: alarm["Threshold"] for alarm in alarms(prod, stack, "TargetResponseTime")}

    assert limits == {"p95": 1, "p99": 2}


def test_a_queue_nobody_can_read_is_an_alarm_as_one_that_waits_is(prod: Assembly) -> None:
    found = alarms(prod, "Workers", "kotonoha.queue.oldest_age")

    assert {alarm["Dimensions"][0]["Value"] for alarm in found} == set(QUEUES)
    assert {(alarm["Threshold"], alarm["TreatMissingData"]) for alarm in found} == {(120, "breaching")}


@requirement("S167", "S171-S172", "A083", "A085")
def test_one_page_shows_every_service_and_every_queue(prod: Assembly) -> None:
    page = flat(prod.one("AWS::CloudWatch::Dashboard")["DashboardBody"])

    for name in [*(f"{app.slug} api" for app in APPS), *(f"{app.slug} pages" for app in STREAMLITS)]:
        assert f"{name}: load" in page
        assert f"{name}: 5xx %" in page
    for queue in QUEUES:
        assert f"worker {queue}: load" in page
        assert f"Queue {queue}" in page


@requirement("S173")
def test_the_bill_is_watched(prod: Assembly) -> None:
    budget = prod.one("AWS::Budgets::Budget")

    assert budget["Budget"]["BudgetLimit"] == {"Amount": PROD.budget_usd, "Unit": "USD"}
    assert {each["Notification"]["NotificationType"] for each in budget["NotificationsWithSubscribers"]} == {
        "ACTUAL",
        "FORECASTED",
    }
    assert prod.one("AWS::CE::AnomalyMonitor")["MonitorDimension"] == "SERVICE"
    assert "EstimatedCharges" in flat(prod.one("AWS::CloudWatch::Dashboard")["DashboardBody"])


@requirement("S186")
def test_questions_to_the_logs_are_written_down(prod: Assembly) -> None:
    questions = prod.all("AWS::Logs::QueryDefinition")

    assert len(questions) >= 3
    assert all(len(each["LogGroupNames"]) == len(prod.all("AWS::ECS::Service")) for each in questions)
