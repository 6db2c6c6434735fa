"""Which parts make a platform: the services first, then the schema, then the programs that stand on both."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from local.environment import child_environment
from local.home import Home
from local.logs import log_path
from local.part import Part, module
from local.ports import Ports
from local.postgres import make_postgres
from local.probes import answers_http, says
from local.tokens import make_key
from local.valkey import make_valkey

QUEUES = "text,image,speech"


@dataclass(frozen=True)
class Layout:
    """`services` start together, then `migrations` runs to its end, then `programs` start together."""

    services: tuple[Part, ...]
    migrations: Part
    programs: tuple[Part, ...]


async def lay_out(home: Home, ports: Ports, workers: int, ours: Mapping[str, str]) -> Layout:
    environment = child_environment(home, ports, ours)
    postgres = await asyncio.to_thread(make_postgres, home, ports.postgres)
    return Layout(
        services=(postgres, make_valkey(home, ports.valkey)),
        migrations=Part("migrations", "Migrations", module("core.db.migrate"), environment),
        programs=(
            make_identity(home, ports.identity, environment),
            make_api(ports.api, environment),
            *(make_worker(number, home, environment) for number in range(1, workers + 1)),
        ),
    )


def make_identity(home: Home, port: int, environment: Mapping[str, str]) -> Part:
    make_key(home)
    command = module("local.identity", "--home", str(home.path), "--port", str(port))
    path = "/.well-known/openid-configuration"
    return Part("identity", "Sign-in", command, environment, port=port, ready=answers_http(port, path))


def make_api(port: int, environment: Mapping[str, str]) -> Part:
    command = module("api.main", "--port", str(port))
    return Part("api", "API", command, environment, port=port, ready=answers_http(port, "/health/ready"))


def make_worker(number: int, home: Home, environment: Mapping[str, str]) -> Part:
    name = f"worker-{number}"
    command = module("workers.main", "--queues", QUEUES)
    return Part(name, f"Worker {number}", command, environment, ready=says(log_path(home, name), b'"worker ready"'))
