"""Read what comes in pieces no further than one may: who finds out afterwards has it all in memory already."""

from collections.abc import AsyncIterable

from core.errors import TooLarge

PIECE_BYTES = 64 * 1024


async def read_at_most(most_bytes: int, pieces: AsyncIterable[bytes]) -> bytes:
    """Raises TooLarge at the first piece beyond `most_bytes`: the rest is never read."""
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > most_bytes:
            raise TooLarge(f"There are more than {most_bytes} bytes.")
    return bytes(content)
