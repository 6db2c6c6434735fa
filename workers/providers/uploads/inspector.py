"""Have one upload at a time opened by a process that holds nothing else: no secrets, no files, no way out but its answer."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import msgspec
from msgspec import Struct

from core.contracts.job import Answer, File, Paid
from core.contracts.upload import UPLOAD_MAX_BYTES, Check, Checked
from core.errors import GiveUp, NotFound, TooLarge, TryAgain
from core.storage import Storage
from telemetry.trace import note_on_span, span
from workers.tools import DoneHere

OPENER = Path(__file__).with_name("opener.py")
PATIENCE_SECONDS = 15.0
"""On top of the limit of its processor time, for a machine that is busy."""

UNREADABLE = "This is no picture that can be read: send a PNG, JPEG or WebP of at most 12 megapixels."


class Refusal(Struct, frozen=True, tag="refused", tag_field="says"):
    """It was opened far enough to know what is wrong."""

    reason: str


class Opened(Struct, frozen=True, tag="opened", tag_field="says"):
    """A clean picture follows."""

    picture: Checked


class PictureInspector(DoneHere):
    """The only reader of what waits in quarantine."""

    provider = "kotonoha"
    model = "pillow"

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        # However many slots there are: what one opener may hold is what all may hold.
        self._one_at_a_time = asyncio.Semaphore(1)

    async def inspect(self, ask: Check) -> Answer[Checked]:
        try:
            with span("get file", "client", attributes={"file.path": ask.key}):
                content = await self._storage.get(ask.key, UPLOAD_MAX_BYTES)
                note_on_span({"file.size": len(content)})
        except NotFound as error:
            raise GiveUp("Nothing was uploaded here, or it was uploaded too long ago.") from error
        except TooLarge as error:
            raise GiveUp("The file is larger than we take.") from error
        async with self._one_at_a_time:
            said, jpeg = await _open(content)
        return Answer(_read(said), Paid(self.provider, self.model, {"pictures": 1}, 0), File(jpeg, "image/jpeg"))


def _read(said: bytes) -> Checked:
    try:
        told: Refusal | Opened = msgspec.json.decode(said, type=Refusal | Opened)
    except msgspec.DecodeError as error:
        # It died over it, or was ended: of too much memory, too much time, or a flaw of the decoder.
        raise GiveUp(UNREADABLE) from error
    if isinstance(told, Refusal):
        raise GiveUp(told.reason)
    return told.picture


async def _open(content: bytes) -> tuple[bytes, bytes]:
    """What the opener says, and the picture it made. Nothing of our environment goes along."""
    try:
        opener = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(OPENER), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/"
        )
    except OSError as error:
        raise TryAgain("No process could be started to look at the upload.") from error
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer, _ = await opener.communicate(content)
    except TimeoutError as error:
        raise GiveUp(UNREADABLE) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            opener.kill()
        await opener.wait()
    said, _, jpeg = answer.partition(b"\n")
    return said, jpeg
