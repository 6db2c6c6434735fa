"""Let the apps' own database user in, who does their work and nothing else: `python -m core.db.let_app_in`, as the owner, after
each migration and never through a proxy."""

import asyncio
import os
import sys

import asyncpg

from core.db.pool import PlainConnection

USER = "kotonoha_app"
LAWS = ("street.job_moves", "street.request_moves")
"""Which moves are legal is for migrations to say."""
RECORDS = ("street.audit",)
"""What operators did is written and, when a learner leaves, made nameless; it is never deleted."""

_OURS = """
SELECT nspname FROM pg_namespace
 WHERE nspowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')"""


async def let_app_in(owner: PlainConnection, password: str) -> None:
    """Everything at once or nothing. Whatever schema a migration added is among them; tables of its own it can never make."""
    async with owner.transaction():
        await _introduce(owner, password)
        for row in await owner.fetch(_OURS):
            await owner.execute(f"GRANT USAGE ON SCHEMA {row['nspname']} TO {USER}")
            await owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {row['nspname']} TO {USER}")
        await owner.execute(f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(LAWS)} FROM {USER}")
        await owner.execute(f"REVOKE DELETE ON {', '.join(RECORDS)} FROM {USER}")


async def _introduce(owner: PlainConnection, password: str) -> None:
    if not await owner.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", USER):
        await owner.execute(f"CREATE ROLE {USER} LOGIN")
    # Neither a password nor a name can be a parameter; the database quotes them for us.
    for told, value in (
        (f"ALTER ROLE {USER} PASSWORD %L", password),
        # Everybody may make temporary tables unless told otherwise.
        ("REVOKE ALL ON DATABASE %I FROM PUBLIC", await owner.fetchval("SELECT current_database()")),
        (f"GRANT CONNECT ON DATABASE %I TO {USER}", await owner.fetchval("SELECT current_database()")),
    ):
        await owner.execute(await owner.fetchval("SELECT format($1, $2::text)", told, value))


async def main(url: str, password: str) -> None:
    owner: PlainConnection = await asyncpg.connect(url)
    try:
        await let_app_in(owner, password)
    finally:
        await owner.close()


if __name__ == "__main__":
    if missing := [name for name in ("KOTONOHA_DATABASE_URL", "APP_PASSWORD") if not os.environ.get(name)]:
        sys.exit(f"{' and '.join(missing)} must be set: the owner's address of the database, and the password the apps will use.")
    asyncio.run(main(os.environ["KOTONOHA_DATABASE_URL"], os.environ["APP_PASSWORD"]))
