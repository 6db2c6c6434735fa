"""From nothing to the newest schema, and back to nothing."""

import os
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from core.db.migrate import MIGRATIONS, dbmate_url, migrate
from tests.servers import PATIENT

SCRIPTS = Path(sysconfig.get_path("scripts"))

_OURS = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION
SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
UNION
SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


@pytest.fixture
async def empty(postgres_url: str) -> AsyncIterator[str]:
    """The URL of a database with nothing in it."""
    server = await asyncpg.connect(postgres_url, server_settings=PATIENT)
    await server.execute("CREATE DATABASE nothing")
    yield f"{postgres_url.rpartition('/')[0]}/nothing"
    await server.execute("DROP DATABASE nothing WITH (FORCE)")
    await server.close()


async def names(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row[0] for row in await connection.fetch(_OURS)}
    finally:
        await connection.close()


def dbmate(url: str, *words: str) -> None:
    command = [str(SCRIPTS / "dbmate"), "--no-dump-schema", "--migrations-dir", str(MIGRATIONS), *words]
    subprocess.run(command, env=os.environ | {"DATABASE_URL": dbmate_url(url)}, check=True, capture_output=True)


async def test_every_way_up_has_its_way_down(empty: str) -> None:
    steps = [await names(empty)]
    migrate(empty)
    newest = await names(empty)
    for _ in MIGRATIONS.glob("*.sql"):
        dbmate(empty, "down")
        steps.append(await names(empty))
    migrate(empty)

    assert {"street.jobs", "street.requests", "street.events", "haiku.haikus"} < newest
    assert steps[-1] - {"public.schema_migrations", "public.schema_migrations_pkey"} == steps[0]
    assert await names(empty) == newest


async def test_migrating_twice_changes_nothing(empty: str) -> None:
    migrate(empty)
    once = await names(empty)
    migrate(empty)

    assert await names(empty) == once


async def test_a_migration_that_cannot_run_says_why(empty: str) -> None:
    connection = await asyncpg.connect(empty)
    await connection.execute("CREATE SCHEMA street")
    await connection.close()

    with pytest.raises(subprocess.CalledProcessError) as failure:
        migrate(empty)
    assert 'schema "street" already exists' in failure.value.stderr
    assert await names(empty) == {"public", "street", "public.schema_migrations", "public.schema_migrations_pkey"}


def test_on_loopback_dbmate_is_told_that_there_is_no_tls() -> None:
    asked = "postgresql://a:b@{}?transaction_timeout=0{}".format

    assert dbmate_url("postgresql://a:b@127.0.0.1:1/c") == asked("127.0.0.1:1/c", "&sslmode=disable")
    assert dbmate_url("postgresql://a:b@localhost/c?sslmode=require") == asked("localhost/c", "&sslmode=require")
    assert dbmate_url("postgresql://a:b@db.example/c") == asked("db.example/c", "")


def test_a_migration_may_take_longer_than_other_transactions(empty: str, tmp_path: Path) -> None:
    (tmp_path / "20990101000000_long.sql").write_text(
        "-- migrate:up\nSELECT 1 / (current_setting('transaction_timeout') = '0')::int;\n-- migrate:down\n"
    )

    dbmate(empty, "--migrations-dir", str(tmp_path), "up")


def test_squawk_finds_nothing_in_the_migrations() -> None:
    root = MIGRATIONS.parents[2]
    files = sorted(str(path.relative_to(root)) for path in MIGRATIONS.glob("*.sql"))
    done = subprocess.run([SCRIPTS / "squawk", *files], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
