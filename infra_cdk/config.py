"""Everything that differs between one account and the next, frozen and checked. Change these rows before the first deployment."""

import re
from dataclasses import dataclass, replace

REGION = "us-east-1"
ZONES = tuple(f"{REGION}{letter}" for letter in "abc")

_PATTERNS = {
    "account": r"\d{12}",
    "zone_name": r"[a-z0-9-]+(\.[a-z0-9-]+)+",
    "zone_id": r"Z[A-Z0-9]{8,31}",
    "connection_arn": r"arn:aws:(codeconnections|codestar-connections):us-east-1:\d{12}:connection/[0-9a-f-]{36}",
    "repository": r"[\w.-]+/[\w.-]+",
    "branch": r"[\w./-]+",
    "alarm_email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "cloudfront_prefix_list": r"pl-[0-9a-f]{8,17}",
    "collector_image": r"public\.ecr\.aws/aws-observability/aws-otel-collector(:v[\d.]+|@sha256:[0-9a-f]{64})",
}


@dataclass(frozen=True)
class TextModel:
    """A Bedrock model reached through an inference profile, which sends calls to any of `regions`."""

    profile: str
    model: str
    regions: tuple[str, ...]


@dataclass(frozen=True)
class ImageModel:
    """A text-to-image model and the one region that has it, which need not be REGION."""

    model: str
    region: str


@dataclass(frozen=True)
class Fleet:
    """How many tasks of each worker there may be, and what one of them is: `backlog` open jobs a task is the target."""

    least: int
    most: int
    slots: int = 4
    backlog: float = 3.2


@dataclass(frozen=True)
class Deployment:
    """One account's worth of everything. Raises ValueError for what CloudFormation would refuse late, or accept wrongly."""

    name: str
    account: str
    zone_name: str
    zone_id: str
    connection_arn: str
    repository: str
    branch: str
    alarm_email: str
    text_model: TextModel
    image_model: ImageModel
    nat_gateways: int
    endpoints: tuple[str, ...]
    """Interface endpoints by the last part of their names; S3's gateway is free and always there."""
    database_instances: int
    cache_nodes: int
    on_demand_base: int
    """Tasks of each api that no Spot interruption takes."""
    fleet: Fleet
    keeps_everything: bool
    """Whether stores outlive their stacks and refuse to be deleted."""
    watches_spending: bool
    """Whether this one is told what a service costs the account more than usual, whoever uses it."""
    budget_usd: int
    """A month, of what carries its tag: beyond it somebody is told. Calls to models carry none."""
    models_usd_a_day: int
    """What calls to models cost by our own count: beyond it somebody is told. A guess, until learners have used it for weeks."""
    learner_budget_microusd: int
    """What the jobs of one learner may cost a day: about four illustrated haiku to a dollar."""
    private_zone: str = "app-dw.internal"
    cloudfront_prefix_list: str = "pl-3b927c52"
    edge_words: tuple[int, ...] = (1,)
    """Numbers of the secret words by which the ways in know CloudFront: it says the last, and any of them is let in. One that is
    gone never comes back, for its name stays taken for weeks."""
    spending_monitor: str | None = None
    """The ARN of the monitor of services the account has already, of which there can be only one; None makes it."""
    collector_image: str = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"

    def __post_init__(self) -> None:
        for field, pattern in _PATTERNS.items():
            if not re.fullmatch(pattern, given := getattr(self, field)):
                raise ValueError(f"{field} of {self.name} is {given!r}, which does not look like {pattern}")
        monitor = self.spending_monitor
        if monitor is not None and not re.fullmatch(r"arn:aws:ce::\d{12}:anomalymonitor/[0-9a-f-]{36}", monitor):
            raise ValueError(f"spending_monitor of {self.name} is {monitor!r}; `aws ce get-anomaly-monitors` tells its ARN")
        for given in (self.text_model.profile, self.text_model.model, self.image_model.model, *self.text_model.regions):
            if not re.fullmatch(r"[a-z0-9][a-z0-9.:-]+", given):
                raise ValueError(f"{given!r} names no one model or region; a wildcard would open all of them")
        if not self.edge_words:
            raise ValueError(f"without edge_words nobody would be let in to {self.name}")
        if self.database_instances not in (1, 2) or not 0 < self.fleet.least <= self.fleet.most:
            raise ValueError(f"{self.name} wants 1 or 2 database instances, and at least one worker")

    @property
    def namespace(self) -> str:
        """Of the metrics its processes tell, and nobody else's: by these its workers are scaled."""
        return f"Kotonoha/{self.name}"

    @property
    def login_prefix(self) -> str:
        """Of the name of the sign-in pages, which nobody else's pool in the region may have."""
        return f"kotonoha-{self.name}-{self.account}"

    @property
    def login_host(self) -> str:
        return f"{self.login_prefix}.auth.{REGION}.amazoncognito.com"

    def edge_word(self, number: int) -> str:
        """The name of the secret that holds it."""
        return f"kotonoha-{self.name}/edge-{number}"

    def host(self, label: str) -> str:
        return f"{label}.{self.zone_name}"


PROD = Deployment(
    name="prod",
    account="111122223333",
    zone_name="app-dw.net",
    zone_id="Z00000000EXAMPLE",
    connection_arn="arn:aws:codeconnections:us-east-1:111122223333:connection/00000000-0000-0000-0000-000000000000",
    repository="example/kotonoha",
    branch="main",
    alarm_email="operators@app-dw.net",
    text_model=TextModel(
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        ("us-east-1", "us-east-2", "us-west-2"),
    ),
    image_model=ImageModel("stability.sd3-5-large-v1:0", "us-west-2"),
    nat_gateways=1,
    endpoints=("ecr.api", "ecr.dkr", "logs", "secretsmanager", "bedrock-runtime", "polly", "xray"),
    database_instances=2,
    cache_nodes=2,
    on_demand_base=1,
    fleet=Fleet(least=1, most=24),
    keeps_everything=True,
    watches_spending=True,
    budget_usd=700,
    models_usd_a_day=50,
    learner_budget_microusd=1_000_000,
)

# Beside production, in the same account or in another: whatever must have a name of its own has one.
DEV = replace(
    PROD,
    name="dev",
    zone_name="dev.app-dw.net",
    zone_id="Z00000000DEVELOP",
    endpoints=(),
    database_instances=1,
    cache_nodes=1,
    on_demand_base=0,
    fleet=Fleet(least=1, most=4),
    keeps_everything=False,
    watches_spending=False,
    budget_usd=300,
    models_usd_a_day=5,
    learner_budget_microusd=1_000_000,
)

DEPLOYMENTS = {deployment.name: deployment for deployment in (PROD, DEV)}
