"""A picture is looked at before anybody gets it: what is no sound PNG of a sensible size is refused before it is decoded."""

import io
import struct
import tracemalloc
import zlib

import pytest
from PIL import Image

from workers.providers.aws.failures import BrokenOff
from workers.providers.aws.painter import fit, unpack


def png(width: int, height: int, mode: str = "RGB", form: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height), "white").save(file, form)
    return file.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small file whose head says that it is large, its checksum right."""
    sound = png(64, 64)
    head = b"IHDR" + struct.pack(">II", width, height) + sound[24:29]
    return sound[:12] + head + struct.pack(">I", zlib.crc32(head)) + sound[33:]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1"])
@pytest.mark.parametrize("size", [(64, 64), (96, 64), (64, 96), (300, 200)])
def test_a_sound_picture_fills_the_size_asked_for(mode: str, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(fit(png(*size, mode), 80, 60))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (80, 60))


SOUND = png(64, 64)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>502</html>",
        png(64, 64, form="JPEG"),
        png(64, 64, form="WEBP"),
        SOUND[:-30],
        SOUND[:40],
        SOUND[:45] + b"\x00\x00" + SOUND[47:],
        claiming(0, 64),
        claiming(60_000, 60_000),
        claiming(13_000, 13_000),
        b"\x00" * 30_000_000,
    ],
    ids=["nothing", "html", "jpeg", "webp", "cut", "a head", "wrong checksum", "no width", "a bomb", "a large one", "many bytes"],
)
def test_what_is_no_sound_picture_is_refused_in_little_memory(content: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BrokenOff):
            fit(content, 80, 60)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 2_000_000


def test_what_is_no_base64_is_no_picture() -> None:
    with pytest.raises(BrokenOff):
        unpack("<html>", 80, 60)
