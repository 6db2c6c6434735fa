"""The runbook, held against what it speaks of: stacks and their order, names of resources, alarms, quotas."""

import json
import re
from collections import Counter
from fnmatch import fnmatch

from infra_cdk.apps import APPS, QUEUES, STREAMLITS
from infra_cdk.config import DEPLOYMENTS, PROD
from infra_cdk.constructs.answering_app import MOST
from infra_cdk.cost import TASK_VCPU
from infra_cdk.cost import page as costs
from infra_cdk.stacks.observability import COST
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.requirement import requirement

BOOK = (ROOT / "infra_cdk" / "RUNBOOK.md").read_text()
GRAPH = (ROOT / "infra_cdk" / "graph.txt").read_text()
NEEDS = {
    stack: set(filter(None, needs.strip().split(", ")))
    for stack, _, needs in (line.partition(":") for line in GRAPH.splitlines())
}


def section(title: str) -> str:
    """What stands below a heading, down to the next that is as high."""
    level = re.search(rf"^(#+) {re.escape(title)}$", BOOK, re.MULTILINE)
    assert level, title
    rest = BOOK[level.end() :]
    end = re.search(rf"^#{{1,{len(level[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def test_the_first_deployment_makes_each_stack_after_those_it_needs() -> None:
    named = re.findall(r"Kotonoha-prod-([\w*-]+)`?'?", section("The first deployment"))
    deployed: list[str] = []
    for name in named:
        deployed += sorted(stack for stack in NEEDS if fnmatch(stack, name) and stack not in deployed)

    waiting = set(re.findall(r"^- `(\S+)` waits", section("What cannot be deployed yet"), re.MULTILINE))
    assert waiting
    assert set(deployed) == set(NEEDS) - waiting
    for stack in deployed:
        assert NEEDS[stack] <= set(deployed[: deployed.index(stack)]), stack


def test_a_parameter_is_told_to_the_one_stack_that_has_it(prod: Assembly) -> None:
    """Without a name the command tells it to every stack it passes, and CloudFormation refuses what a template does not know."""
    told = [command for command in re.findall(r"`(npx cdk deploy [^`]+)`", BOOK) if "--parameters" in command]

    assert told
    for command in told:
        ((stack, name),) = re.findall(r"\s--parameters Kotonoha-prod-([\w-]+):(\w+)=\w+$", command)
        assert f" --exclusively Kotonoha-prod-{stack} " in re.sub(r"\s+", " ", command)
        assert name in prod.templates[stack]["Parameters"]


def test_a_first_deployment_takes_nothing_back_that_refuses_to_be_deleted(prod: Assembly) -> None:
    protected = {one.stack for one in (*prod.all("AWS::RDS::DBCluster"), *prod.all("AWS::Cognito::UserPool"))}
    commands = re.findall(r"`npx cdk deploy ([^`]+)`", section("The first deployment"))
    making = [command for command in commands if any(f"Kotonoha-prod-{stack}'" in command for stack in protected)]

    assert protected
    assert making
    assert all("--no-rollback" in command for command in making)


def test_what_was_changed_is_synthesised_before_it_is_deployed() -> None:
    """What is deployed are the templates in build/cloud, which know nothing of a row that was changed since."""
    steps = [step for step in re.split(r"^\d\. ", section("What the edge says"), flags=re.MULTILINE) if "edge_words=" in step]

    assert len(steps) == 2
    for step in steps:
        assert step.index("edge_words=") < step.index("`make synth`") < step.index("Ingress")


def test_whoever_reads_of_the_limit_on_models_reads_that_it_is_a_guess() -> None:
    for text in (section("Alarm: Models"), costs()):
        (told,) = [" ".join(part.split()) for part in re.split(r"\. |\n\n", text) if "is a guess" in part]
        assert all(f"{each.models_usd_a_day} dollars a day in {each.name}" in told for each in DEPLOYMENTS.values())


def test_what_only_an_account_shows_of_later_releases_and_of_money_is_looked_at_first(prod: Assembly) -> None:
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", section("The first things to check in a real account"), re.MULTILINE)
    looked = {what: how for what, how, _ in rows}
    (models,) = [each for each in prod.all("AWS::CloudWatch::Alarm") if each.properties.get("MetricName") == COST]

    assert "Kotonoha-prod-Proxy" in looked["the stage `Proxy` does nothing on later releases"]
    (how,) = [how for how in looked.values() if f"--metric-name {COST}" in how]
    assert f'"Dimensions": {json.dumps(models.properties.get("Dimensions", []))}' in how


def test_what_all_share_is_watched_before_the_first_app_is_there_and_an_app_without_the_others() -> None:
    assert not any(need.startswith(("App-", "Pages-", "Site-", "Public-")) for need in NEEDS["Observability"])
    for app in APPS:
        others = [need for need in NEEDS[f"Health-{app.slug}"] if "-" in need and not need.endswith(f"-{app.slug}")]
        assert others == []


def test_resources_are_called_as_their_stacks_call_them(prod: Assembly) -> None:
    asked = re.findall(r"\bmade (\w+) (\w+) (::\w+)", BOOK)

    assert len(asked) > 6
    for stack, name, kind in asked:
        found = [one for one in prod.resources(stack) if one.name.startswith(name) and one.type.endswith(kind)]
        assert len(found) == 1, (stack, name, kind)


@requirement("S177")
def test_every_alarm_has_a_section_with_steps_and_no_section_is_of_an_alarm_that_is_gone(prod: Assembly) -> None:
    alarms = {alarm["AlarmDescription"].partition("#alarm-")[2] for alarm in prod.all("AWS::CloudWatch::Alarm")}
    sections = {title.lower(): section(f"Alarm: {title}") for title in re.findall(r"^### Alarm: (\w+)$", BOOK, re.MULTILINE)}

    # The bill is told by budgets, which have no text of their own.
    assert set(sections) == alarms | {"budget"}
    for title, steps in sections.items():
        assert re.search(r"^1\. \S", steps, re.MULTILINE), title
    order = section("An alarm").partition("###")[0]
    assert [int(number) for number in re.findall(r"^(\d)\. ", order, re.MULTILINE)] == [1, 2, 3, 4]


def test_links_within_the_page_lead_somewhere() -> None:
    titles = re.findall(r"^#+ (.+)$", BOOK, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}

    links = set(re.findall(r"\]\(#([\w-]+)\)", BOOK))
    assert links
    assert links <= anchors


def test_it_sends_nobody_to_what_is_off(prod: Assembly) -> None:
    insights = any(one.properties.get("EnablePerformanceInsights") for one in prod.all("AWS::RDS::DBInstance"))

    assert insights or re.findall(r"Performance Insights[^,;.:]*", BOOK) == ["Performance Insights is off"]


def test_dashboards_and_questions_it_sends_one_to_exist(prod: Assembly) -> None:
    shown = {one["DashboardName"] for one in prod.all("AWS::CloudWatch::Dashboard")}
    asked = {one["Name"] for one in prod.all("AWS::Logs::QueryDefinition")}

    order = section("An alarm").partition("###")[0]
    assert set(re.findall(r"`(kotonoha-prod[\w-]*)`", order)) <= shown
    assert set(re.findall(r"`(kotonoha-prod/[\w/-]+)`", order)) <= asked


def test_quotas_are_counted_from_what_is_built(prod: Assembly) -> None:
    rows = dict(re.findall(r"^\| ([^|]+) \| ([\d,]+) \| ", section("Quotas"), re.MULTILINE))
    needed = {name: int(figure.replace(",", "")) for name, figure in rows.items()}
    at_once = PROD.fleet.most * PROD.fleet.slots
    steady = len(APPS) * PROD.on_demand_base
    spot = len(QUEUES) * PROD.fleet.most + (len(APPS) + len(STREAMLITS)) * MOST - steady

    # A deployment runs old and new side by side.
    assert needed["Fargate on-demand vCPU (L-3032A538)"] == 2 * steady * TASK_VCPU
    assert needed["Fargate Spot vCPU (L-36FBB829)"] == 2 * spot * TASK_VCPU
    assert needed["Elastic IP addresses (L-0263D0A3)"] == len(prod.all("AWS::EC2::EIP")) == PROD.nat_gateways
    assert needed["interface endpoints a VPC (L-29B6F2EB)"] == len(PROD.endpoints)
    assert len(prod.all("AWS::ElasticLoadBalancingV2::ListenerRule")) <= needed["rules of one application load balancer"]
    assert needed["calls at once: text model, any region of its profile"] == at_once
    assert needed["text requests a minute at 6 s a call"] == at_once * 60 / 6
    assert needed["text tokens a minute at 2,000 tokens a call"] == at_once * 60 / 6 * 2000
    assert needed["pictures a minute at 10 s a picture, in us-west-2"] == at_once * 60 / 10
    assert needed["Polly neural requests a second at 0.5 s a recording"] == at_once / 0.5
    machines = Counter(
        (each["Environment"]["Type"], each["Environment"]["ComputeType"]) for each in prod.all("AWS::CodeBuild::Project")
    )
    assert needed["CodeBuild, small ARM builds at once"] == machines["ARM_CONTAINER", "BUILD_GENERAL1_SMALL"]
    assert needed["CodeBuild, Linux/Large builds at once"] == machines["LINUX_CONTAINER", "BUILD_GENERAL1_LARGE"]
    assert needed["CodeBuild, Linux/Small builds at once"] == machines["LINUX_CONTAINER", "BUILD_GENERAL1_SMALL"]
    assert needed["Route 53 health checks"] == len(prod.all("AWS::Route53::HealthCheck"))
