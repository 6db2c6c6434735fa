"""Read an answer no further than one may go: who finds out afterwards has it all in memory already."""

from typing import Protocol

from workers.providers.aws.failures import BrokenOff

PIECE_BYTES = 64 * 1024


class Readable(Protocol):
    """Bytes as they come; none at the end."""

    async def read(self, n: int, /) -> bytes: ...


async def read_at_most(most_bytes: int, stream: Readable) -> bytes:
    """Raises BrokenOff at the first piece beyond `most_bytes`."""
    content = bytearray()
    while piece := await stream.read(PIECE_BYTES):
        content += piece
        if len(content) > most_bytes:
            raise BrokenOff(f"more than {most_bytes} bytes")
    return bytes(content)
