"""Delete files that nobody shows any more; what cannot be deleted now is tried again later."""

import asyncio

from core.contracts.ids import StorageKey
from core.db.litter import forget_litter, take_litter
from core.db.pool import Pool, connected
from core.errors import Unavailable
from core.settings import Settings
from core.storage import Storage


async def keep_clearing(pool: Pool, storage: Storage, settings: Settings) -> None:
    """Until cancelled, every settings.sweep_seconds."""
    while True:
        await asyncio.sleep(settings.sweep_seconds)
        try:
            await clear_litter(pool, storage)
        except Unavailable:
            continue


async def clear_litter(pool: Pool, storage: Storage) -> int:
    """One batch; returns how many files went. Raises Unavailable."""
    async with connected(pool) as db, db.transaction():
        gone = [key for key in await take_litter(db) if await _is_deleted(storage, key)]
        await forget_litter(db, gone)
    return len(gone)


async def _is_deleted(storage: Storage, key: StorageKey) -> bool:
    try:
        await storage.delete(key)
    except (OSError, Unavailable):
        return False
    return True
