"""`kotonoha up --json` with PgBouncer between code and PostgreSQL: `python -m tests.journeys.proxied --home DIR`."""

import argparse
import asyncio
import dataclasses
import os
import sys
import time
from pathlib import Path

import msgspec

from local.environment import Span
from local.home import Home
from local.layout import Layout, lay_out, make_api, make_identity, make_workforce
from local.ports import Ports
from local.postgres import database_url
from local.stopping import run_until_told
from local.supervisor import running
from tests.pgbouncer import make_pgbouncer, through

VARIABLE = "KOTONOHA_DATABASE_URL"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    asked, _ = parser.parse_known_args()
    return run_until_told(up(Home(asked.home), asked.workers))


async def up(home: Home, workers: int) -> int:
    async def proxied(home: Home, ports: Ports) -> Layout:
        layout = await lay_out(home, ports, Span(workers, workers), os.environ)
        url = database_url(home, ports.postgres)
        proxy = make_pgbouncer(home.path / "pgbouncer", url)
        # Migrations connect directly, as they must.
        environment = {**layout.migrations.environment, VARIABLE: through(proxy, url)}
        programs = (make_identity(home, ports.identity, environment), make_api(ports.api, environment))
        crew = make_workforce(home, environment)
        return dataclasses.replace(layout, services=(*layout.services, proxy), programs=programs, workers=crew)

    began = time.monotonic()
    async with running(home, 0, proxied, lambda *_: None) as platform:
        line = {"ready": True, "api": platform.ports.api_url, "pid": os.getpid(), "seconds": time.monotonic() - began}
        sys.stdout.write(f"{msgspec.json.encode(line).decode()}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
