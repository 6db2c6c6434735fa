"""Put what was paid for into storage: patiently while it is away, and never pay again for what has no place there."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import uniform

from core.contracts.ids import StorageKey
from core.contracts.job import File, Paid
from core.db.litter import note_litter
from core.db.pool import Pool, connected
from core.errors import Invalid, Misconfigured, NotStored, Unavailable, Unstorable
from core.storage import Storage, trial_key
from telemetry.logs import get_log
from telemetry.trace import span
from workers.run import Run

WAITS_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Between one try and the next. S3 throttles for some seconds while it makes room, and what was paid for is worth them; they are
fewer than a lease has, so that a process that is paused meanwhile is not long behind whoever took over."""

TRY_SECONDS = 30.0
"""Longest for one try, whatever the store does: a picture takes less on any line that is worth having."""

TRIAL_LIES = timedelta(seconds=2 * TRY_SECONDS)

MESSAGE = "There is no place to store what is made. That is a fault of ours, and was written down."

log = get_log("worker")


class Depot:
    """One a process. It remembers that there was no place, so that nobody is paid for what would have none either."""

    def __init__(self, waits_seconds: Sequence[float] = WAITS_SECONDS) -> None:
        self._waits_seconds = waits_seconds
        self._without_place: set[str] = set()

    async def check(self, storage: Storage, pool: Pool) -> None:
        """Before anybody is paid for a file. Raises Unstorable while the last one had no place and another has none either,
        and Unavailable while nobody can tell."""
        for media_type in tuple(self._without_place):
            await self._try(storage, pool, media_type)
            self._without_place.discard(media_type)

    async def _try(self, storage: Storage, pool: Pool, media_type: str) -> None:
        key = trial_key(media_type)
        async with connected(pool) as db:
            # Before it is there: not every role may delete, and whoever dies in between leaves it to those who do.
            await note_litter(db, key, TRIAL_LIES)
        try:
            async with asyncio.timeout(TRY_SECONDS):
                await storage.put(key, b"", media_type)
        except (Invalid, Misconfigured) as error:
            raise _told(error, None) from error
        except OSError as error:
            raise Unavailable("The store of files cannot be reached.") from error

    async def put(self, storage: Storage, key: StorageKey, file: File, paid: Paid, run: Run) -> None:
        """Raises NotStored when it stays away, or `run` is stopped meanwhile, Unstorable when there is no place. `paid` is lost
        with the file."""
        try:
            await run.store(self._put(storage, key, file, paid))
        except TimeoutError as error:
            raise NotStored("The worker stops; another one goes on.", refund=True, paid=paid) from error

    async def _put(self, storage: Storage, key: StorageKey, file: File, paid: Paid) -> None:
        for wait in (*self._waits_seconds, None):
            try:
                with span("put file", "client", attributes={"file.path": key, "file.size": len(file.content)}):
                    async with asyncio.timeout(TRY_SECONDS):
                        await storage.put(key, file.content, file.media_type)
            except (Invalid, Misconfigured) as error:
                self._without_place.add(file.media_type)
                raise _told(error, paid) from error
            except (OSError, Unavailable) as error:
                if wait is None:
                    raise NotStored(paid=paid) from error
                await asyncio.sleep(uniform(0.8, 1.2) * wait)
            else:
                return


def _told(error: Invalid | Misconfigured, paid: Paid | None) -> Unstorable:
    """Written down for whoever can mend it."""
    if isinstance(error, Misconfigured):
        log.error("storage misconfigured", reason=error.reason, look_at=error.look_at, doctor="kotonoha doctor")
        return Unstorable(error.message, is_free=paid is None, paid=paid)
    log.error("storage refused a file", reason=error.message)
    return Unstorable(MESSAGE, is_free=paid is None, paid=paid)
