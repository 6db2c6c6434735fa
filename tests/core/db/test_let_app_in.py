"""The apps' own database user does all of their work, and nothing else."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from urllib.parse import quote

import asyncpg
import pytest

from core.db.let_app_in import LAWS, RECORDS, USER, main
from core.db.pool import PlainConnection, Pool, make_pool
from tests.core import test_litter, test_sweeper
from tests.core.db import test_end, test_haiku, test_walks

PASSWORD = 'it\'s "mine" %I'  # noqa: S105  of a database that is gone in a minute
"""Whatever somebody chooses."""

# Their work, once more, in the tests of it: here the fixtures below stand in for the owner's.
test_a_walk = test_walks.test_after_hundreds_of_random_steps_the_shares_equal_the_rows
test_erasing = test_walks.test_rows_that_are_erased_leave_the_shares
test_following = test_end.test_the_jobs_that_follow_are_there_with_their_parent
test_ending_together = test_end.test_many_endings_at_the_same_moment_leave_no_gap
test_deleting = test_haiku.test_a_deleted_haiku_leaves_no_words_in_any_row
test_listing = test_haiku.test_haiku_are_listed_newest_first_and_paged
test_rescuing = test_sweeper.test_a_lost_job_is_tried_again_at_once_and_the_lost_run_counts
test_sweeping_alone = test_sweeper.test_only_one_sweeps_at_a_time
test_pruning = test_sweeper.test_events_go_thirty_days_after_the_end_and_not_before
test_clearing = test_litter.test_what_is_due_goes_and_is_forgotten


settings, files = test_sweeper.settings, test_litter.files


@pytest.fixture
async def owned(postgres_url: str, database: str) -> str:
    """The owner's address of a database the app was let into, past any proxy."""
    url = postgres_url.rpartition("/")[0] + "/" + database.rpartition("/")[2]
    await main(url, PASSWORD)
    return url


@pytest.fixture
async def connection(owned: str) -> AsyncIterator[PlainConnection]:
    connection = await as_app(owned)
    yield connection
    await connection.close()


@pytest.fixture
async def pool(owned: str) -> AsyncIterator[Pool]:
    async with make_pool(app_url(owned)) as pool:
        yield pool


def app_url(owned: str) -> str:
    return re.sub("//[^@]*@", f"//{USER}:{quote(PASSWORD, safe='')}@", owned)


async def as_app(owned: str) -> PlainConnection:
    return await asyncpg.connect(app_url(owned))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE street.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (id int)",
        "ALTER TABLE street.jobs DROP COLUMN input",
        "ALTER TABLE street.jobs DISABLE TRIGGER ALL",
        "DROP TABLE haiku.haikus",
        "TRUNCATE street.requests CASCADE",
        "SET session_replication_role = replica",
        "CREATE ROLE friend",
        f"ALTER ROLE {USER} SUPERUSER",
        "CREATE DATABASE elsewhere",
        "SELECT * FROM public.schema_migrations",
        "SELECT rolpassword FROM pg_authid",
        "COPY street.jobs TO PROGRAM 'cat'",
        "UPDATE street.job_moves SET after = after",
        "INSERT INTO street.request_moves VALUES ('succeeded', 'running')",
        "DELETE FROM street.job_moves",
        "DELETE FROM street.audit",
    ],
)
async def test_what_is_the_owners_alone_is_refused(connection: PlainConnection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)


async def test_every_table_of_every_schema_is_theirs_to_work_with(owned: str) -> None:
    owner = await asyncpg.connect(owned)
    rows = await owner.fetch(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname !~ '^pg_' AND schemaname NOT IN"
        " ('information_schema', 'public')"
    )
    held = {
        row["name"]: {
            act for act in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
            if await owner.fetchval("SELECT has_table_privilege($1, $2, $3)", USER, row["name"], act)
        }
        for row in rows
    }  # fmt: skip
    await owner.close()

    assert {name.partition(".")[0] for name in held} >= {"street", "haiku"}
    less = {law: {"SELECT"} for law in LAWS} | {record: {"SELECT", "INSERT", "UPDATE"} for record in RECORDS}
    assert held == {name: less.get(name, {"SELECT", "INSERT", "UPDATE", "DELETE"}) for name in held}


async def test_nobody_else_may_even_come_to_the_database(owned: str) -> None:
    owner = await asyncpg.connect(owned)
    await owner.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(re.sub("//[^@]*@", "//stranger:stranger@", owned))
    finally:
        await owner.execute("DROP ROLE stranger")
        await owner.close()


async def test_letting_in_again_gives_what_a_new_migration_made_and_the_new_password(owned: str) -> None:
    owner = await asyncpg.connect(owned)
    await owner.execute("CREATE SCHEMA tomorrow")
    await owner.execute("CREATE TABLE tomorrow.words (id int)")
    await owner.close()

    await main(owned, "another")

    app = await asyncpg.connect(re.sub("//[^@]*@", f"//{USER}:another@", owned))
    assert await app.execute("INSERT INTO tomorrow.words VALUES (1)") == "INSERT 0 1"
    await app.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await as_app(owned)


def test_it_says_what_must_be_set() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("APP_PASSWORD", "KOTONOHA_DATABASE_URL")}
    told = subprocess.run(
        [sys.executable, "-m", "core.db.let_app_in"], env=environment, capture_output=True, text=True, check=False
    )

    assert told.returncode == 1
    assert told.stderr.startswith("KOTONOHA_DATABASE_URL and APP_PASSWORD must be set")
