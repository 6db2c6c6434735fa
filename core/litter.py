"""Delete files that nobody shows any more; what cannot be deleted now is tried again later."""

import asyncio

from core.contracts.ids import StorageKey
from core.db.litter import forget_litter, take_litter
from core.db.pool import Pool, connected
from core.errors import Unavailable
from core.settings import Settings
from core.storage import Storage

DELETES_AT_ONCE = 8

DELETING_SECONDS = 30.0
"""For one batch. Well before it is anybody's again: `HELD`."""


async def keep_clearing(pool: Pool, storage: Storage, settings: Settings) -> None:
    """Until cancelled, every settings.sweep_seconds."""
    while True:
        await asyncio.sleep(settings.sweep_seconds)
        try:
            await clear_litter(pool, storage)
        except Unavailable:
            continue


async def clear_litter(pool: Pool, storage: Storage, seconds: float = DELETING_SECONDS) -> int:
    """One batch, for so many seconds; returns how many files went. Raises Unavailable. Nothing is locked meanwhile."""
    ends_at = asyncio.get_running_loop().time() + seconds
    async with connected(pool) as db:
        taken = await take_litter(db)
    if taken.until is None:
        return 0
    gone = await _delete_all(storage, taken.keys, ends_at)
    async with connected(pool) as db:
        await forget_litter(db, gone, taken.until)
    return len(gone)


async def _delete_all(storage: Storage, keys: list[StorageKey], ends_at: float) -> list[StorageKey]:
    slots = asyncio.Semaphore(DELETES_AT_ONCE)

    async def is_deleted(key: StorageKey) -> bool:
        async with slots:
            return await _is_deleted(storage, key, ends_at)

    deleted = await asyncio.gather(*map(is_deleted, keys))
    return [key for key, is_gone in zip(keys, deleted, strict=True) if is_gone]


async def _is_deleted(storage: Storage, key: StorageKey, ends_at: float) -> bool:
    # Also whoever was paused in the middle of it: by now the file may have been made again.
    if asyncio.get_running_loop().time() >= ends_at:
        return False
    try:
        async with asyncio.timeout_at(ends_at):
            await storage.delete(key)
    except (OSError, Unavailable):
        return False
    return True
