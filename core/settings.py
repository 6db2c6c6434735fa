"""Everything that differs between one machine and the account, read once from KOTONOHA_* variables into a frozen object."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, defstruct
from msgspec.structs import fields

from core.contracts.budget import Budget
from core.errors import Invalid, Quota

PREFIX = "KOTONOHA_"

NEEDED: Mapping[str, tuple[str, ...]] = {
    "local": ("media_dir", "link_secret"),
    "aws": (
        "aws_region",
        "media_bucket",
        "text_model",
        "guardrail_id",
        "guardrail_version",
        "image_model",
        "image_region",
    ),
}
"""What must be set as well, by `providers`."""


Region = Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]

# Every number has an end on both sides. A limit of nothing, or a wait of none, would start and then serve nobody; one without an
# end bounds nothing.
Many = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Some = Annotated[int, Meta(ge=1, le=10_000)]
Money = Annotated[int, Meta(ge=0, le=1_000_000_000_000)]
"""In millionths of a dollar; 0 is none."""
Seconds = Annotated[float, Meta(ge=0.01, le=86_400)]
AnswerSeconds = Annotated[float, Meta(ge=0.1, le=900)]
"""Of waiting for somebody else's answer."""
PartingSeconds = Annotated[float, Meta(ge=0, le=600)]
"""0 is no wait at all."""

IN_ORDER = (
    (2, "heartbeat_seconds", "lease_seconds"),
    (1, "call_seconds", "deadline_seconds"),
    (1, "backoff_base_seconds", "backoff_cap_seconds"),
    (1, "least_workers", "most_workers"),
)
"""So many times the first may not be more than the second. One heartbeat may come late, or be lost, without the lease."""


class Settings(Struct, frozen=True, forbid_unknown_fields=False):
    """One field a variable, in lower case without the prefix. Those without a default must be set."""

    database_url: str
    redis_url: str
    public_url: str
    issuer: str
    jwks_url: str
    client_ids: str
    """Comma-separated app clients whose access tokens are accepted."""
    allowed_origins: str = ""
    """Comma-separated browser origins for CORS and WebSocket; none by default."""
    providers: Literal["local", "aws"] = "local"
    """Whose tools and whose storage. Endpoints and credentials of AWS are found as its SDK finds them."""
    media_dir: Path = Path()
    link_secret: str = ""
    aws_region: Region = ""
    """Of the bucket, of Polly, and of the model that writes."""
    media_bucket: str = ""
    media_url: str = ""
    """Origin of the distribution in front of the bucket, if there is one: signed links lead there."""
    pulse_file: Path = Path()
    """A file that a worker touches for whoever watches it from outside; none by default."""
    log_level: str = "INFO"
    trace_ratio: Annotated[float, Meta(ge=0, le=1)] = 0.1
    """How many of all traces are kept, from none (0) to every one (1)."""

    text_model: Annotated[str, Meta(pattern=r"^(arn:|[a-z0-9-]+\.)\S+$")] = ""
    """A Bedrock model, or the inference profile of one, that can be made to call a tool (Claude, Nova)."""
    guardrail_id: Annotated[str, Meta(pattern=r"^([a-z0-9]+|arn:\S+)$")] = ""
    guardrail_version: Annotated[str, Meta(pattern=r"^([1-9][0-9]{0,7}|DRAFT)$")] = ""
    image_model: Annotated[str, Meta(pattern=r"^(arn:|stability\.)\S+$")] = ""
    """A text-to-image model of Stability AI on Bedrock, such as stability.sd3-5-large-v1:0."""
    image_region: Region = ""
    """Its own, for few regions have one."""
    speech_voice: Literal["Takumi", "Kazuha", "Tomoko"] = "Takumi"
    """The neural voices Polly has for Japanese."""
    text_requests_per_minute: Many = 200
    """What the account allows, as the next three: all workers together stay below, and give way when they are throttled."""
    text_tokens_per_minute: Many = 200_000
    image_requests_per_minute: Many = 30
    speech_requests_per_minute: Many = 480
    connect_seconds: AnswerSeconds = 3.0
    read_seconds: AnswerSeconds = 60.0
    """Longest silence of a provider that is answering."""

    lease_seconds: Seconds = 10.0
    heartbeat_seconds: Seconds = 3.3
    sweep_seconds: Seconds = 1.0
    idle_look_seconds: Seconds = 2.0
    max_attempts: Annotated[int, Meta(ge=1, le=100)] = 3
    backoff_base_seconds: Seconds = 1.0
    backoff_cap_seconds: Seconds = 60.0
    deadline_seconds: Seconds = 600.0
    call_seconds: AnswerSeconds = 120.0
    """Longest wait for a tool's answer."""
    drain_seconds: PartingSeconds = 4.0
    """How long a worker that is told to stop waits for its jobs; 90 where a Spot interruption leaves two minutes."""
    hand_back_seconds: PartingSeconds = 3.0
    """How long it then waits until they are handed back; 10 there. While Postgres is away nothing can be, and their leases
    run out by themselves."""
    grace_seconds: Annotated[int, Meta(ge=0, le=600)] = 5
    """How long an api that is told to stop waits for what it is answering; 90 there. Streams end at once and go on elsewhere."""
    slots_per_queue: Some = 4
    least_workers: Annotated[int, Meta(ge=0, le=10_000)] = 1
    """None on one machine is for whoever wants to watch what is accepted wait."""
    most_workers: Annotated[int, Meta(ge=0, le=10_000)] = 4
    patience_seconds: Seconds = 10.0
    """A job that waits longer calls for more workers, whatever the backlog says."""
    calm_seconds: Seconds = 300.0
    """How long fewer workers must have been enough before there are fewer."""
    publish_seconds: Seconds = 10.0
    """How often the numbers of each queue are published, by one process of all."""
    running_per_owner: Some = 4
    open_per_owner: Many = 50
    backlog_limit: Many = 10_000
    """Waiting jobs in one queue beyond which submits answer 503."""
    oldest_limit_seconds: Seconds = 120.0
    """The same for how long somebody of whom nothing runs has waited for a turn."""
    submits_per_minute: Many = 30
    uploads_per_hour: Many = 60
    """Of one learner, over all api processes."""
    requests_per_minute: Many = 600
    """Of one learner, over all api processes; submits count here too, polls answered 304 nowhere."""
    api_processes: Some = 2
    """Among how many those limits are divided while Redis is away."""
    budget_microusd_per_day: Money = 0
    """What the jobs of one learner may cost from midnight to midnight UTC; 0 means no end."""
    assumed_call_microusd: Money = 20_000
    """What a call counts as against that while it runs, and for good when nobody tells its price; 0 adds nothing, but is
    asked for all the same."""
    topic_max_chars: Some = 200
    body_max_bytes: Annotated[int, Meta(ge=1024, le=16 * 1024 * 1024)] = 64 * 1024
    body_seconds: AnswerSeconds = 10.0
    """How long the whole of a body may take to arrive."""
    link_seconds: Annotated[float, Meta(ge=1, le=900)] = 900.0
    ticket_seconds: Annotated[float, Meta(ge=1, le=300)] = 30.0
    events_kept_days: Some = 30
    idempotency_kept_hours: Some = 24

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def deadline(self) -> timedelta:
        return timedelta(seconds=self.deadline_seconds)

    @property
    def submits(self) -> Quota:
        return Quota("submits", self.submits_per_minute, 60)

    @property
    def uploads(self) -> Quota:
        return Quota("uploads", self.uploads_per_hour, 3600)

    @property
    def requests(self) -> Quota:
        return Quota("requests", self.requests_per_minute, 60)

    @property
    def budget(self) -> Budget:
        return Budget(self.budget_microusd_per_day, self.assumed_call_microusd)

    @property
    def clients(self) -> frozenset[str]:
        return frozenset(filter(None, (part.strip() for part in self.client_ids.split(","))))

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(filter(None, (part.strip() for part in self.allowed_origins.split(","))))


def check_account(environment: Mapping[str, str]) -> None:
    """Raises Invalid naming what Amazon's services need to be told and are not."""
    if missing := [name for name in NEEDED["aws"] if not environment.get(PREFIX + name.upper())]:
        raise Invalid(
            f"{_variables(missing)} must be set in this process's environment for Amazon's services to answer: "
            "docker/example.env says what they are."
        )


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises Invalid naming the variable that is missing or unreadable. One set to nothing counts as missing."""
    given = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    given = {field: value for field, value in given.items() if value}
    needed = [field.name for field in fields(Settings) if field.required]
    needed += () if given.get("providers") == "aws" else NEEDED["local"]
    if missing := [name for name in needed if name not in given]:
        raise Invalid(f"{_variables(missing)} must be set in this process's environment. `make up` sets what one machine needs.")
    if given.get("providers") == "aws":
        check_account(environment)
    try:
        settings = msgspec.convert(given, Settings, strict=False, dec_hook=_read_path)
    except msgspec.ValidationError as error:
        raise Invalid(_unreadable(str(error))) from error
    _check_order(settings)
    return settings


def read_number(environment: Mapping[str, str], name: str) -> int:
    """One field of Settings that has a default, where the others are not set yet. Raises Invalid as `read_settings` does."""
    field = next(field for field in fields(Settings) if field.name == name)
    alone = defstruct("Alone", [(name, field.type, field.default)])
    given = environment.get(PREFIX + name.upper())
    try:
        number: int = getattr(msgspec.convert({name: given} if given else {}, alone, strict=False), name)
    except msgspec.ValidationError as error:
        raise Invalid(_unreadable(str(error))) from error
    return number


def _check_order(settings: Settings) -> None:
    for times, less, more in IN_ORDER:
        low, high = getattr(settings, less), getattr(settings, more)
        if times * low > high:
            most = "more than" if times == 1 else f"more than 1/{times} of"
            reason = f"{_variables([less])} is {low:g} and may not be {most} {_variables([more])}, which is {high:g}."
            raise Invalid(f"{reason} Change either in this process's environment.")


def _read_path(kind: type, value: str) -> Path:
    if kind is not Path:
        raise NotImplementedError(f"No setting is read as {kind.__name__} yet.")
    return Path(value)


def _unreadable(reason: str) -> str:
    """What msgspec says, such as "Expected `int`, got `str` - at `$.max_attempts`", with the variable for the path."""
    wrong, _, path = reason.partition(" - at `$.")
    return f"{_variables([path.rstrip('`')])} cannot be read: {wrong}. Correct it in this process's environment."


def _variables(names: Sequence[str]) -> str:
    return ", ".join(PREFIX + name.upper() for name in names)
