"""What a deployment costs a month while nobody uses it, out of the same rows it is built from: `python -m infra_cdk.cost`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from infra_cdk.apps import APPS, QUEUES, STREAMLITS
from infra_cdk.config import DEPLOYMENTS, PROD, Deployment

PAGE = Path(__file__).parent / "COST.md"
HOURS = 730
TASK_VCPU, TASK_GIB = 0.5, 1.0
SPOT = 0.32
"""What Spot has cost of the price on demand; it moves."""
ZONES = 3

FREE_DASHBOARDS = 3


class Price(NamedTuple):
    """US dollars in us-east-1. `page` is Amazon's own below aws.amazon.com; `seen` says where the figure was last read and when:
    a copy of Amazon's page or somebody's table of it, or that it was only remembered."""

    dollars: float
    page: str
    seen: str


REMEMBERED = "remembered, 2026-11"
"""Nobody's table could be read: the first to look up. `aws pricing get-products`, or Amazon's page, tells it."""
LINT = "rulestamp-cloud-cost-landmine-lint 0.1.8, 2026-10"
"""A package that warns of such lines, with the published price of this region."""
PRICES = {
    "NAT gateway, an hour": Price(0.045, "vpc/pricing", "cloudpipelines.pages.dev, 2026; " + LINT),
    "public IPv4 address, an hour": Price(0.005, "vpc/pricing", LINT),
    "interface endpoint, an hour and zone": Price(0.01, "privatelink/pricing", "awsnegotiations.com, 2026-05; " + LINT),
    "load balancer, an hour": Price(0.0225, "elasticloadbalancing/pricing", LINT),
    "Aurora db.t4g.medium, an hour": Price(0.073, "rds/aurora/pricing", REMEMBERED + "; a calculator of 2026 has 0.09"),
    "RDS Proxy, a vCPU and hour": Price(0.015, "rds/proxy/pricing", REMEMBERED),
    "Valkey cache.t4g.micro, an hour": Price(0.0128, "elasticache/pricing", REMEMBERED),
    "Fargate ARM, a vCPU and hour": Price(0.03238, "fargate/pricing", "vantage.sh, undated"),
    "Fargate ARM, a GiB and hour": Price(0.00356, "fargate/pricing", "vantage.sh, undated"),
    "web ACL, a month": Price(5.0, "waf/pricing", "c3x.dev, 2026"),
    "rule of a web ACL, a month": Price(1.0, "waf/pricing", "c3x.dev, 2026"),
    "alarm, a metric and month": Price(0.10, "cloudwatch/pricing", "c3x.dev, 2026"),
    "metric of our own, a month": Price(0.30, "cloudwatch/pricing", "c3x.dev, 2026"),
    "secret, a month": Price(0.40, "secrets-manager/pricing", LINT),
    "key, a month": Price(1.0, "kms/pricing", "factualminds.com, 2026-06"),
    "hosted zone, a month": Price(0.50, "route53/pricing", "eatsip365.com, undated"),
    "health check over HTTPS, a month": Price(1.50, "route53/pricing", REMEMBERED),
    "dashboard beyond the third, a month": Price(3.0, "cloudwatch/pricing", "factualminds.com, 2026-06; three are free"),
}
"""No page of Amazon's could be opened while this was written, only copies: compare them with the first week's bill. Spot at 0.32
is fortem.dev's figure of 2026. Pipelines of the second type cost nothing while nothing runs through them, by a copy of
codepipeline/pricing."""


@dataclass(frozen=True)
class Line:
    """One thing paid for: how many, of what, for how long."""

    name: str
    count: float
    price: str
    hourly: bool = True
    share: float = 1.0

    @property
    def dollars(self) -> float:
        return self.count * PRICES[self.price].dollars * self.share * (HOURS if self.hourly else 1)


def idle_month(deployment: Deployment) -> list[Line]:
    return [*_network(deployment), *_stores(deployment), *_tasks(deployment), *_around(deployment)]


def total(deployment: Deployment) -> float:
    return sum(line.dollars for line in idle_month(deployment))


def _network(deployment: Deployment) -> list[Line]:
    return [
        Line("NAT gateways", deployment.nat_gateways, "NAT gateway, an hour"),
        Line("their addresses", deployment.nat_gateways, "public IPv4 address, an hour"),
        Line("interface endpoints", len(deployment.endpoints) * ZONES, "interface endpoint, an hour and zone"),
        Line("balancer", 1, "load balancer, an hour"),
    ]


def _stores(deployment: Deployment) -> list[Line]:
    # The proxy is paid by the processors behind it: two an instance.
    return [
        Line("Aurora", deployment.database_instances, "Aurora db.t4g.medium, an hour"),
        Line("RDS Proxy", deployment.database_instances * 2, "RDS Proxy, a vCPU and hour"),
        Line("Valkey", deployment.cache_nodes, "Valkey cache.t4g.micro, an hour"),
    ]


def _tasks(deployment: Deployment) -> list[Line]:
    steady = deployment.on_demand_base * len(APPS)
    spot = len(APPS) - steady + len(STREAMLITS) + len(QUEUES) * deployment.fleet.least
    vcpu, gib = "Fargate ARM, a vCPU and hour", "Fargate ARM, a GiB and hour"
    return [
        Line("tasks on demand, processors", steady * TASK_VCPU, vcpu),
        Line("tasks on demand, memory", steady * TASK_GIB, gib),
        Line("tasks on Spot, processors", spot * TASK_VCPU, vcpu, share=SPOT),
        Line("tasks on Spot, memory", spot * TASK_GIB, gib, share=SPOT),
    ]


def _around(deployment: Deployment) -> list[Line]:
    answering = len(APPS) + len(STREAMLITS)
    services = answering + len(QUEUES)
    return [
        Line("firewalls", 2, "web ACL, a month", hourly=False),
        Line("their rules", 5 + 5, "rule of a web ACL, a month", hourly=False),
        Line("metrics alarms look at", _watched(deployment), "alarm, a metric and month", hourly=False),
        Line("metrics of containers and queues", 8 * services + 8 * len(QUEUES), "metric of our own, a month", hourly=False),
        Line("metrics of logged errors", services, "metric of our own, a month", hourly=False),
        Line("secrets", 5 + len(deployment.edge_words), "secret, a month", hourly=False),
        Line("key of the alarm topic", 1, "key, a month", hourly=False),
        Line("zones", 2, "hosted zone, a month", hourly=False),
        Line("health checks", len(APPS), "health check over HTTPS, a month", hourly=False),
        Line("dashboards", 1 + len(APPS) - FREE_DASHBOARDS, "dashboard beyond the third, a month", hourly=False),
    ]


def _watched(deployment: Deployment) -> int:
    """An alarm on a share looks at two metrics, one on what is usual at three."""
    answering = len(APPS) + len(STREAMLITS)
    shared = 4 + 3 + 2 + 1 + 1 + deployment.cache_nodes
    return 8 * answering + 5 * len(QUEUES) + 2 * len(APPS) + shared


CHECK = """Check them before they are
believed: `aws pricing get-products --service-code AmazonRDS` (`AmazonElastiCache`, `AmazonRoute53`) with the region's filter, or
Amazon's page in the row, or the first week's bill."""

HEAD = """# What it costs while nobody uses it

Written by `python -m infra_cdk.cost` from [config.py](config.py) and the prices in [cost.py](cost.py), which say where they come
from; a test fails when it is out of date. Calls of models, traffic, storage and logs come on top, by use.
"""


class Lever(NamedTuple):
    """What production would be with one thing changed, and what that costs in another coin."""

    name: str
    pulled: Deployment
    instead: str

    @property
    def dollars(self) -> float:
        """More a month than production as it is, or less."""
        return total(self.pulled) - total(PROD)


LEVERS = (
    Lever(
        "no interface endpoints: `endpoints=()`",
        replace(PROD, endpoints=()),
        "the same traffic goes through NAT at 0.045 dollars a GB, so they pay beyond several hundred GB a month",
    ),
    Lever(
        "one database instance: `database_instances=1`",
        replace(PROD, database_instances=1),
        "a zone that fails takes the database with it until Aurora has made another, some ten minutes",
    ),
    Lever("one node of Valkey: `cache_nodes=1`", replace(PROD, cache_nodes=1), "bells are late for as long as a new node takes"),
    Lever(
        "no task on demand: `on_demand_base=0`",
        replace(PROD, on_demand_base=0),
        "an interruption of Spot may leave an api without a task",
    ),
    Lever(
        "a NAT gateway in each zone: `nat_gateways=3`",
        replace(PROD, nat_gateways=3),
        "a zone that fails takes no other's way out with it",
    ),
)

MORE_LEVERS = """
Aurora Serverless would not pause: the proxy holds its connections. The budget's alarm is at 80 % of what `config.py` says, and at
100 % of what is forecast, of what carries the deployment's tag. Calls to models carry none: they are bounded by
`learner_budget_microusd` a learner and day, and an alarm counts them by what the workers tell. Its limit,
{limits}, is a guess made before anybody used it.
"""


def page() -> str:
    parts = [HEAD]
    for deployment in DEPLOYMENTS.values():
        parts.append(f"\n## {deployment.name}: {total(deployment):.0f} dollars a month, budget {deployment.budget_usd}\n\n")
        parts.append("| what | how many | at | dollars |\n|---|---|---|---|\n")
        parts += [
            f"| {line.name} | {line.count:g} | {line.price} | {line.dollars:.2f} |\n"
            for line in idle_month(deployment)
            if line.count
        ]
    limits = " and ".join(f"{each.models_usd_a_day} dollars a day in {each.name}" for each in DEPLOYMENTS.values())
    return "".join([*parts, _levers(), MORE_LEVERS.format(limits=limits), _prices()])


def _levers() -> str:
    rows = "".join(f"| {lever.name} | {lever.dollars:+.0f} | {lever.instead} |\n" for lever in LEVERS)
    return f"\n## Levers, of production\n\n| lever | dollars a month | and then |\n|---|---|---|\n{rows}"


def remembered(deployment: Deployment) -> float:
    """The share of what idling costs that rests on figures nobody could read anywhere."""
    unseen = sum(line.dollars for line in idle_month(deployment) if PRICES[line.price].seen.startswith(REMEMBERED))
    return unseen / total(deployment)


def _prices() -> str:
    rows = "".join(
        f"| {name} | {price.dollars:g} | [{price.page}](https://aws.amazon.com/{price.page}/) | {price.seen} |\n"
        for name, price in PRICES.items()
    )
    unseen = [name for name, price in PRICES.items() if price.seen.startswith(REMEMBERED)]
    shares = " and ".join(f"{remembered(each):.0%} of {each.name}'s total" for each in DEPLOYMENTS.values())
    told = f"\n{len(unseen)} of {len(PRICES)} figures are only remembered, which {shares} rests on. {CHECK}\n"
    return f"\n## Prices\n{told}\n| for | dollars | Amazon's page | figure seen |\n|---|---|---|---|\n{rows}"


def main(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="python -m infra_cdk.cost", description=__doc__).parse_args(arguments)
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
