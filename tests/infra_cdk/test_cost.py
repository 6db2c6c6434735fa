"""What it costs is counted from what is built."""

import re

from infra_cdk.config import DEV, PROD, Deployment
from infra_cdk.cost import LEVERS, PAGE, PRICES, idle_month, page, total
from tests.infra_cdk.assembly import Assembly, Resource, flat
from tests.infra_cdk.requirement import requirement


def count(deployment: Deployment, name: str) -> float:
    (line,) = [line for line in idle_month(deployment) if line.name == name]
    return line.count


@requirement("S003")
def test_the_bill_counts_what_the_templates_hold(prod: Assembly) -> None:
    interfaces = [one for one in prod.all("AWS::EC2::VPCEndpoint") if one["VpcEndpointType"] == "Interface"]

    assert count(PROD, "interface endpoints") == sum(len(one["SubnetIds"]) for one in interfaces)
    assert count(PROD, "NAT gateways") == len(prod.all("AWS::EC2::NatGateway"))
    assert count(PROD, "Aurora") == len(prod.all("AWS::RDS::DBInstance"))
    assert count(PROD, "firewalls") == len(prod.all("AWS::WAFv2::WebACL"))
    assert count(PROD, "their rules") == sum(len(acl["Rules"]) for acl in prod.all("AWS::WAFv2::WebACL"))
    assert count(PROD, "dashboards") == len(prod.all("AWS::CloudWatch::Dashboard")) - 3
    assert count(PROD, "metrics of logged errors") == len(prod.all("AWS::Logs::MetricFilter"))
    assert count(PROD, "metrics alarms look at") == sum(looked_at(alarm) for alarm in prod.all("AWS::CloudWatch::Alarm"))
    # Of the second type, which costs nothing while nothing runs through it.
    assert {pipeline["PipelineType"] for pipeline in prod.all("AWS::CodePipeline::Pipeline")} == {"V2"}
    assert count(PROD, "health checks") == len(prod.all("AWS::Route53::HealthCheck"))
    # The owner's, which RDS keeps, is one as well.
    assert count(PROD, "secrets") == len(prod.all("AWS::SecretsManager::Secret")) + 1


def looked_at(alarm: Resource) -> int:
    """Metrics that are paid for: what is usual has an upper and a lower bound."""
    if "Metrics" not in alarm.properties:
        return 1
    bands = sum("ANOMALY_DETECTION_BAND" in each.get("Expression", "") for each in alarm["Metrics"])
    return sum("MetricStat" in each for each in alarm["Metrics"]) + 2 * bands


def test_every_price_says_where_it_is_from_and_when_it_was_seen_and_is_used() -> None:
    used = {line.price for deployment in (PROD, DEV) for line in idle_month(deployment)}

    assert used == PRICES.keys()
    for name, price in PRICES.items():
        assert price.dollars > 0, name
        assert price.page.endswith("/pricing"), name
        assert re.search(r"20\d\d|undated", price.seen), name


def test_the_page_says_how_much_of_the_total_nobody_could_look_up() -> None:
    unseen = {name for name, price in PRICES.items() if price.seen.startswith("remembered")}
    costs = {each.name: sum(line.dollars for line in idle_month(each) if line.price in unseen) for each in (PROD, DEV)}

    assert f"\n{len(unseen)} of {len(PRICES)} figures are only remembered" in page()
    for each in (PROD, DEV):
        assert f"{costs[each.name] / total(each):.0%} of {each.name}'s total" in page()


@requirement("S003")
def test_a_lever_does_what_it_says() -> None:
    assert all((lever.dollars < 0) == ("NAT" not in lever.name) for lever in LEVERS)
    assert min(LEVERS, key=lambda lever: lever.dollars).name.startswith("no interface endpoints")


@requirement("S003")
def test_idling_stays_within_the_budget_and_development_is_much_cheaper() -> None:
    assert total(PROD) < PROD.budget_usd
    assert total(DEV) < DEV.budget_usd
    assert total(DEV) < total(PROD) / 2


def test_the_page_of_costs_is_up_to_date() -> None:
    assert PAGE.read_text() == page()


@requirement("S003")
def test_what_is_idle_is_as_small_as_it_may_be(prod: Assembly, dev: Assembly) -> None:
    """Each lever of COST.md, pulled as far as production lets it and further in development."""
    tasks, services = prod.all("AWS::ECS::TaskDefinition"), prod.all("AWS::ECS::Service")
    steady = [
        each for service in services for each in service["CapacityProviderStrategy"] if each["CapacityProvider"] == "FARGATE"
    ]

    assert {task["RuntimePlatform"]["CpuArchitecture"] for task in tasks} == {"ARM64"}
    assert {(task["Cpu"], task["Memory"]) for task in tasks} == {("512", "1024")}
    assert [(each["Base"], each["Weight"]) for each in steady] == [(1, 0)] * 4
    assert all("FARGATE_SPOT" in flat(service["CapacityProviderStrategy"]) for service in services)
    assert {target["MinCapacity"] for target in prod.all("AWS::ApplicationAutoScaling::ScalableTarget")} == {1}
    assert len(prod.all("AWS::EC2::NatGateway")) == 1
    assert {one["CacheNodeType"] for one in prod.all("AWS::ElastiCache::ReplicationGroup")} == {"cache.t4g.micro"}
    assert {one["RetentionInDays"] for one in prod.all("AWS::Logs::LogGroup")} == {7}
    for bucket in prod.all("AWS::S3::Bucket"):
        assert {rule["Status"] for rule in bucket["LifecycleConfiguration"]["Rules"]} == {"Enabled"}, bucket.name
    sites = [site["DistributionConfig"] for site in prod.all("AWS::CloudFront::Distribution")]
    assert {site["PriceClass"] for site in sites} == {"PriceClass_200"}
    # Development: all on Spot, one of each store, no endpoint that costs anything.
    assert not any('"FARGATE"' in flat(service["CapacityProviderStrategy"]) for service in dev.all("AWS::ECS::Service"))
    assert len(dev.all("AWS::RDS::DBInstance")) == 1
    assert [one["VpcEndpointType"] for one in dev.all("AWS::EC2::VPCEndpoint")] == ["Gateway"]
