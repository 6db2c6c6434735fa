"""Everything that is kept, to see that something changed nothing."""

import asyncio
from pathlib import Path

from core.db.pool import Pool


async def everything_in(pool: Pool) -> str:
    """Every row of every table, as text."""
    tables = await pool.fetch("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('street', 'haiku')")
    rows = [await pool.fetch(f'SELECT t::text FROM "{t["schemaname"]}"."{t["tablename"]}" t') for t in tables]  # noqa: S608  names from the catalogue
    return "\n".join(sorted(row[0] for table in rows for row in table))


async def files_in(folder: Path) -> list[Path]:
    return await asyncio.to_thread(lambda: [path for path in folder.rglob("*") if path.is_file()])
