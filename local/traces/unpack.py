"""What came packed, unpacked as far as there is room: a kilobyte of gzip can stand for a megabyte of nothing."""

import zlib

from core.errors import Invalid, TooLarge

_GZIP = 16 + zlib.MAX_WBITS


def unpack(packed: bytes, most_bytes: int) -> bytes:
    """Gzip in one piece (RFC 1952), as exporters send it. Raises Invalid, and TooLarge before more than `most_bytes` are held."""
    reader = zlib.decompressobj(_GZIP)
    try:
        content = reader.decompress(packed, most_bytes + 1)
    except zlib.error as error:
        raise Invalid("This is not gzip.") from error
    if len(content) > most_bytes:
        raise TooLarge(f"Unpacked this is more than {most_bytes} bytes; send fewer spans at once.")
    if not reader.eof or reader.unused_data:
        raise Invalid("This is not gzip in one piece.")
    return content
