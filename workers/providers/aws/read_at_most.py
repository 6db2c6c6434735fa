"""Read an answer no further than one may."""

from collections.abc import AsyncIterable
from typing import Protocol

from core import read_at_most as core
from core.errors import TooLarge
from workers.providers.aws.failures import BrokenOff


class Readable(Protocol):
    """Bytes as they come."""

    def iter_chunked(self, n: int, /) -> AsyncIterable[bytes]: ...


async def read_at_most(most_bytes: int, stream: Readable) -> bytes:
    """Raises BrokenOff at the first piece beyond `most_bytes`: an answer of that length is none."""
    try:
        return await core.read_at_most(most_bytes, stream.iter_chunked(core.PIECE_BYTES))
    except TooLarge as error:
        raise BrokenOff(f"more than {most_bytes} bytes") from error
