"""Which parts make a platform: the services first, then the schema, then the programs that stand on both."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from core.contracts.job import QUEUES
from core.db.backlog import find_backlogs
from core.db.pool import make_pool
from core.publisher import rule_of
from core.scaling import Load, neediest
from core.settings import PREFIX, Settings, read_settings
from local.apps import App
from local.crew import Look, Workforce
from local.environment import Span, child_environment
from local.fakes.credentials import BUCKET
from local.home import Home
from local.logs import log_path
from local.part import Part, module
from local.ports import Ports
from local.postgres import make_postgres
from local.probes import answers_http, says
from local.store import HERE, Store, keep_to
from local.tokens import make_key
from local.valkey import make_valkey

LEAVE_SECONDS = 1.0
"""What a worker that has handed back its jobs needs to close what it opened."""


@dataclass(frozen=True)
class Layout:
    """`services` start together, then `migrations` runs to its end, then `programs` and the first `workers` start together."""

    services: tuple[Part, ...]
    migrations: Part
    programs: tuple[Part, ...]
    workers: Workforce | None = None


async def lay_out(
    home: Home,
    ports: Ports,
    workers: Span,
    ours: Mapping[str, str],
    apps: Sequence[App] = (),
    store: Store = HERE,
) -> Layout:
    """`apps` are those with pages to be served. From now on the home keeps to `store`."""
    environment = child_environment(home, ports, workers, {**ours, **store.environment}, store.providers)
    keep_to(home, store)
    amazon = (make_fakes(ports.fakes, environment), make_s3(home, ports, environment)) if store.providers == "fake-aws" else ()
    postgres = await asyncio.to_thread(make_postgres, home, ports.postgres)
    return Layout(
        # Whoever tells something is heard to its end: services come first and go last.
        services=(postgres, make_valkey(home, ports.valkey), make_traces(ports.traces, environment), *amazon),
        migrations=Part("migrations", "Migrations", module("core.db.migrate"), environment),
        programs=(
            make_identity(home, ports.identity, environment),
            make_api(ports.api, environment),
            *(make_pages(app, ports, environment) for app in apps),
        ),
        workers=make_workforce(home, environment),
    )


def make_fakes(port: int, environment: Mapping[str, str]) -> Part:
    command = module("local.fakes", "--port", str(port))
    return make_server("fakes", "Bedrock and Polly (fakes)", command, environment, port, "/health")


def make_s3(home: Home, ports: Ports, environment: Mapping[str, str]) -> Part:
    command = module("local.fakes.s3", "--port", str(ports.s3), "--folder", str(home.s3))
    return make_server("s3", "S3 (fake)", command, environment, ports.s3, f"/{BUCKET}")


def make_identity(home: Home, port: int, environment: Mapping[str, str]) -> Part:
    make_key(home)
    command = module("local.identity", "--home", str(home.path), "--port", str(port))
    return make_server("identity", "Sign-in", command, environment, port, "/.well-known/openid-configuration")


def make_traces(port: int, environment: Mapping[str, str]) -> Part:
    return make_server("traces", "Traces", module("local.traces", "--port", str(port)), environment, port, "/")


def make_api(port: int, environment: Mapping[str, str]) -> Part:
    command = module("api.main", "--port", str(port))
    return make_server("api", "API", command, environment, port, "/health/ready")


def make_pages(app: App, ports: Ports, environment: Mapping[str, str]) -> Part:
    """The api once more, as the app's own domain has it: links lead to where the pages are."""
    port, address = ports.of(app), ports.address_of(app)
    own = {PREFIX + "PUBLIC_URL": address, PREFIX + "ALLOWED_ORIGINS": address}
    command = module("local.pages", app.name, "--port", str(port))
    return make_server(app.name, app.title, command, {**environment, **own}, port, "/health/ready")


def make_server(name: str, label: str, command: tuple[str, ...], environment: Mapping[str, str], port: int, health: str) -> Part:
    return Part(name, label, command, environment, port=port, ready=answers_http(port, health), health=health)


def make_workforce(home: Home, environment: Mapping[str, str]) -> Workforce:
    settings = read_settings(environment)
    return Workforce(
        make=lambda number: make_worker(number, home, environment),
        rule=rule_of(settings),
        looking=partial(looking, settings),
        grace_seconds=settings.drain_seconds + settings.hand_back_seconds + LEAVE_SECONDS,
    )


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[Look]:
    """Every worker serves all queues, so the neediest one says how many there must be."""
    pool = make_pool(settings.database_url, size=1)
    await pool

    async def look() -> Load | None:
        backlogs = await find_backlogs(pool, settings.running_per_owner)
        return None if backlogs is None else neediest(backlog.load for backlog in backlogs)

    try:
        yield look
    finally:
        # Not close(): a server that has vanished may never say goodbye.
        pool.terminate()


def make_worker(number: int, home: Home, environment: Mapping[str, str]) -> Part:
    name = f"worker-{number}"
    command = module("workers.main", "--queues", ",".join(QUEUES))
    return Part(name, f"Worker {number}", command, environment, ready=says(log_path(home, name), b'"worker ready"'))
