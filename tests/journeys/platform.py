"""A whole platform as a newcomer starts it: one command, a home of its own, free ports."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from local.home import Home
from local.postgres import database_url
from local.state import find_running

KOTONOHA = Path(sys.executable).with_name("kotonoha")


class Platform:
    """What `kotonoha up --json` said, and ways to look inside."""

    def __init__(self, home: Path, said: dict[str, Any]) -> None:
        self.home = home
        self.api: str = said["api"]
        self.haiku: str = said.get("haiku", "")
        self.traces: str = said.get("traces", "")
        self.pid: int = said["pid"]

    def parts(self) -> dict[str, int]:
        """The pid of every part that runs right now."""
        state = find_running(Home(self.home))
        return {part.name: part.pid for part in state.parts} if state else {}

    @property
    def database_url(self) -> str:
        state = find_running(Home(self.home))
        assert state is not None
        return database_url(Home(self.home), next(part.port or 0 for part in state.parts if part.name == "postgres"))

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database_url)
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    async def learner(self, name: str = "demo") -> httpx.AsyncClient:
        token = await kotonoha("token", "--home", str(self.home), "--user", name)
        return httpx.AsyncClient(base_url=self.api, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False)


UP = (str(KOTONOHA), "up", "--port", "0", "--no-frontends", "--json")
WITH_PAGES = (str(KOTONOHA), "up", "--port", "0", "--json")
PROVIDERS = ("local", pytest.param("fake-aws", marks=pytest.mark.amazon))
"""With the tools of this machine, and with the account's code on the fakes."""
PROXIED = (sys.executable, "-m", "tests.journeys.proxied")
"""With PgBouncer between code and PostgreSQL."""


@contextlib.asynccontextmanager
async def up(
    home: Path, *options: str, by: Sequence[str] = UP, tuning: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[Platform]:
    """Raises AssertionError when anything of it still runs afterwards."""
    command = [*by, "--home", str(home), *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, env={**os.environ, **tuning})
    try:
        yield Platform(home, await _said(process))
        family = psutil.Process(process.pid).children(recursive=True)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 60)
    assert [child for child in family if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


async def _said(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 200)
    said: dict[str, Any] = json.loads(line)
    return said


async def kotonoha(*arguments: str) -> str:
    """What the command prints. Raises AssertionError with its complaint when it fails."""
    process = await asyncio.create_subprocess_exec(str(KOTONOHA), *arguments, stdout=PIPE, stderr=PIPE)
    told, complaint = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, complaint.decode()
    return told.decode().strip()
