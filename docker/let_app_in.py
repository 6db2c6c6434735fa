"""Make the apps' own database user, who owns nothing, and set its password: after each migration, as the owner."""

import asyncio
import os

import asyncpg

USER = "kotonoha_app"
SCHEMA = "street"


async def main(url: str, password: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", USER):
            await connection.execute(f"CREATE ROLE {USER} LOGIN")
        # A password cannot be a parameter; the database quotes it for us.
        await connection.execute(await connection.fetchval(f"SELECT format('ALTER ROLE {USER} PASSWORD %L', $1::text)", password))
        await connection.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {USER}")
        await connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {USER}")
        await connection.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {USER}")
        await connection.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {USER}")
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main(os.environ["KOTONOHA_DATABASE_URL"], os.environ["APP_PASSWORD"]))
