"""What a deployment costs a month while nobody uses it, out of the same rows it is built from: `python -m infra_cdk.cost`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra_cdk.apps import APPS, QUEUES, STREAMLITS
from infra_cdk.config import DEPLOYMENTS, Deployment

PAGE = Path(__file__).parent / "COST.md"
HOURS = 730
TASK_VCPU, TASK_GIB = 0.5, 1.0
SPOT = 0.3
"""What Spot has cost of the price on demand; it moves."""
ZONES = 3

PRICES = {
    "NAT gateway, an hour": 0.045,
    "public IPv4 address, an hour": 0.005,
    "interface endpoint, an hour and zone": 0.01,
    "load balancer, an hour": 0.0225,
    "Aurora db.t4g.medium, an hour": 0.073,
    "RDS Proxy, a vCPU and hour": 0.015,
    "Valkey cache.t4g.micro, an hour": 0.0128,
    "Fargate ARM, a vCPU and hour": 0.03238,
    "Fargate ARM, a GiB and hour": 0.00356,
    "web ACL, a month": 5.0,
    "rule of a web ACL, a month": 1.0,
    "alarm, a metric and month": 0.10,
    "metric of our own, a month": 0.30,
    "secret, a month": 0.40,
    "key, a month": 1.0,
    "hosted zone, a month": 0.50,
    "health check, a month": 0.75,
    "pipeline, a month": 1.0,
    "dashboard, a month": 3.0,
}
"""US dollars in us-east-1, from Amazon's public price pages as remembered in November 2026: no page could be opened while this
was written, so compare them with the first week's bill."""


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
        return self.count * PRICES[self.price] * self.share * (HOURS if self.hourly else 1)


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
        Line("their rules", 5 + 4, "rule of a web ACL, a month", hourly=False),
        Line("metrics alarms look at", 6 * answering + 3 * len(QUEUES) + 9, "alarm, a metric and month", hourly=False),
        Line("metrics of containers and queues", 8 * services + 8 * len(QUEUES), "metric of our own, a month", hourly=False),
        Line("secrets", 5, "secret, a month", hourly=False),
        Line("key of the alarm topic", 1, "key, a month", hourly=False),
        Line("zones", 2, "hosted zone, a month", hourly=False),
        Line("health checks", len(APPS), "health check, a month", hourly=False),
        Line("pipelines", 5, "pipeline, a month", hourly=False),
        Line("dashboard", 1, "dashboard, a month", hourly=False),
    ]


HEAD = """# What it costs while nobody uses it

Written by `python -m infra_cdk.cost` from [config.py](config.py) and the prices in [cost.py](cost.py), which say where they come
from; a test fails when it is out of date. Calls of models, traffic, storage and logs come on top, by use.
"""
LEVERS = """
## Levers

- **Endpoints** are the largest line. Without them the same traffic goes through NAT at 0.045 dollars a GB: they pay only
  beyond several hundred GB a month. `endpoints=()` in `config.py`.
- **NAT gateways**: one is a single zone's; three are three times the price.
- **The second database instance** is what survives a zone. Aurora Serverless would not pause: the proxy holds its connections.
- **Workers on Spot** cost about a third; one task an api on demand is what an interruption leaves. `on_demand_base`.
- **The budget's alarm** is at 80 % of what `config.py` says, and at 100 % of what is forecast.
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
    prices = "".join(f"| {name} | {price:g} |\n" for name, price in PRICES.items())
    return "".join(parts) + LEVERS + "\n## Prices\n\n| for | dollars |\n|---|---|\n" + prices


def main(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="python -m infra_cdk.cost", description=__doc__).parse_args(arguments)
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
