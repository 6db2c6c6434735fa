"""What the children are told: the computed KOTONOHA_* variables, the user's tuning, and nothing that could surprise them."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec.structs import fields

from core.settings import PREFIX, Settings, read_settings
from local.clients import CLIENT_IDS
from local.fakes import credentials
from local.home import Home
from local.ports import Ports
from local.postgres import database_url
from local.valkey import redis_url

LOOPBACK = "127.0.0.1,localhost"

SUITS_ONE_MACHINE = {
    # A worker costs memory here, and starts in a second or two.
    f"{PREFIX}CALM_SECONDS": "20",
    # Whoever presses Ctrl-C waits for this: a worker is gone within six seconds.
    f"{PREFIX}DRAIN_SECONDS": "3",
    f"{PREFIX}HAND_BACK_SECONDS": "2",
    # One learner's traces fit on the page that shows them.
    f"{PREFIX}TRACE_RATIO": "1",
}
"""Unless the user says otherwise."""


Providers = Literal["local", "fake-aws", "aws"]
"""The tools of this machine; Amazon's, on fakes that run here; or the account's own."""


class Span(NamedTuple):
    """How few workers there are at least, and how many at most."""

    least: int
    most: int


def child_environment(
    home: Home, ports: Ports, workers: Span, ours: Mapping[str, str], providers: Providers = "local"
) -> dict[str, str]:
    """Raises Invalid when a tuning variable cannot be read, or one the account needs is missing."""
    surroundings, settings = _amazon(ports, ours, providers)
    usual = SUITS_ONE_MACHINE | _suits(providers)
    environment = (
        _without_surprises(surroundings)
        | _collector(ports, ours)
        | usual
        | _tuning(ours)
        | _named({**_computed(home, ports, workers), **settings})
    )
    read_settings(environment)
    return environment


def _suits(providers: Providers) -> dict[str, str]:
    match providers:
        case "fake-aws":
            return _named(credentials.QUOTAS)
        case "local" | "aws":
            return {}


def _without_surprises(ours: Mapping[str, str]) -> dict[str, str]:
    """PG* would change how clients connect; a proxy must never be asked for a neighbour on loopback."""
    kept = {name: value for name, value in ours.items() if not name.startswith((PREFIX, "PG"))}
    nearby = ",".join(filter(None, (ours.get("NO_PROXY") or ours.get("no_proxy"), LOOPBACK)))
    return kept | {"NO_PROXY": nearby, "no_proxy": nearby, "PYTHONUNBUFFERED": "1"}


def _collector(ports: Ports, ours: Mapping[str, str]) -> dict[str, str]:
    """Our own page, unless the user has a collector. Every second: somebody is waiting to see it."""
    if ours.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return {}
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": ports.traces_url, "OTEL_BSP_SCHEDULE_DELAY": "1000"}


def _tuning(ours: Mapping[str, str]) -> dict[str, str]:
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    return {name: value for name, value in ours.items() if name in known}


def _computed(home: Home, ports: Ports, workers: Span) -> dict[str, str]:
    return {
        "database_url": database_url(home, ports.postgres),
        "redis_url": redis_url(home, ports.valkey),
        "media_dir": str(home.media),
        "link_secret": home.secret("links"),
        "public_url": ports.api_url,
        "issuer": ports.issuer,
        "jwks_url": f"{ports.issuer}/.well-known/jwks.json",
        "client_ids": ",".join(CLIENT_IDS),
        "allowed_origins": ports.api_url,
        "least_workers": str(workers.least),
        "most_workers": str(workers.most),
    }


def _amazon(ports: Ports, ours: Mapping[str, str], providers: Providers) -> tuple[Mapping[str, str], dict[str, str]]:
    """The variables around us and the settings. A profile of the user's must not meet the fakes."""
    if providers != "fake-aws":
        return ours, {"providers": providers}
    without = {name: value for name, value in ours.items() if not name.startswith("AWS_")}
    return without | credentials.variables(ports.fakes_url, ports.s3_url), {**credentials.SETTINGS, "media_url": ports.s3_url}


def _named(settings: Mapping[str, str]) -> dict[str, str]:
    return {PREFIX + name.upper(): value for name, value in settings.items()}
