"""Whatever somebody uploads: a picture comes out clean, everything else is refused, and nothing of it runs beside us."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from core.contracts.ids import StorageKey, UploadId, UserId, new_id
from core.contracts.job import Answer
from core.contracts.upload import UPLOAD_MAX_BYTES, Check, Checked
from core.errors import GiveUp
from core.storage import quarantine_key
from core.storage.files import Files
from workers.providers.uploads import PictureInspector, inspector, opener

UPLOAD = UploadId(new_id())
KEY = quarantine_key(UserId("mei"), UPLOAD)

SECRET = b"35.0116N 135.7681E"
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, "http://api.test", "secret")


async def inspect(files: Files, content: bytes) -> Answer[Checked]:
    await files.put(KEY, content, "image/png")
    return await PictureInspector(files).inspect(Check(UPLOAD, KEY))


def written(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    to = io.BytesIO()
    picture.save(to, kind, **how)
    return to.getvalue()


def drawing(width: int = 60, height: int = 40) -> Image.Image:
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("black", (0, 0, width // 2, height))
    return picture


def placed() -> bytes:
    """A photo on its side that says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return written(drawing(), "JPEG", exif=exif, comment=SECRET)


def archived() -> bytes:
    """A PNG that is a zip as well, for whoever reads it from the end."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        pack.writestr("page.html", PAGE)
    return written(drawing()) + archive.getvalue()


def annotated() -> bytes:
    """A PNG with a page in a chunk of its own."""
    png = written(drawing())
    return png[:33] + chunk(b"tEXt", b"Comment\0" + PAGE) + png[33:]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))


def bomb(side: int = 13_000) -> bytes:
    """A PNG of a few kilobytes that is 169 megapixels when it is opened."""

    header = struct.pack("!IIBBBBB", side, side, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "came_as"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
async def test_a_picture_comes_out_as_it_was_seen(files: Files, kind: str, came_as: str) -> None:
    answer = await inspect(files, written(drawing(), kind))

    assert answer.value == Checked(60, 40, came_as)  # type: ignore[arg-type]  # one of three
    assert answer.paid.cost_microusd == 0
    assert answer.file is not None
    clean = Image.open(io.BytesIO(answer.file.content))
    assert (clean.format, clean.size) == ("JPEG", (60, 40))
    assert max(clean.convert("L").getpixel((10, 20)), 255 - clean.convert("L").getpixel((50, 20))) < 12  # type: ignore[type-var, operator]  # a number for one band


async def test_a_place_a_picture_tells_is_gone_and_it_stands_upright(files: Files) -> None:
    content = placed()
    answer = await inspect(files, content)

    assert SECRET in content
    assert answer.file is not None
    assert SECRET not in answer.file.content
    assert b"Exif" not in answer.file.content
    assert (answer.value.width, answer.value.height) == (40, 60)


@pytest.mark.parametrize("double", [archived, annotated])
async def test_what_is_a_picture_and_something_else_is_only_a_picture_afterwards(files: Files, double: object) -> None:
    content: bytes = double()  # type: ignore[operator]  # one of two functions
    answer = await inspect(files, content)

    assert PAGE in content
    assert answer.file is not None
    assert PAGE not in answer.file.content
    assert not zipfile.is_zipfile(io.BytesIO(answer.file.content))


async def test_ink_on_nothing_is_ink_on_paper(files: Files) -> None:
    answer = await inspect(files, written(Image.new("RGBA", (8, 8), (0, 0, 0, 0))))

    assert answer.file is not None
    assert Image.open(io.BytesIO(answer.file.content)).getpixel((4, 4)) == (255, 255, 255)


async def test_a_large_photo_is_made_smaller(files: Files) -> None:
    answer = await inspect(files, written(drawing(4000, 3000), "JPEG"))

    assert (answer.value.width, answer.value.height) == (2048, 1536)


async def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(files: Files) -> None:
    content = bomb()

    assert len(content) < 24_000
    with pytest.raises(GiveUp, match="169 megapixels; at most 12"):
        await inspect(files, content)


PEAK = """
import resource, subprocess, sys
ended = subprocess.run([sys.executable, "-I", sys.argv[1]], input=sys.stdin.buffer.read(), capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, ended.stdout.partition(b"\\n")[0].decode())
"""
"""Run in a process that is smaller than any opener: what a child was before it became another program counts as well."""


def opened(content: bytes) -> tuple[float, str]:
    """The most memory the opener held at once, in MiB, and what it said."""
    told = subprocess.run([sys.executable, "-I", "-c", PEAK, inspector.OPENER], input=content, capture_output=True, check=True)
    kibibytes, _, said = told.stdout.decode().partition(" ")
    return int(kibibytes) / 1024, said


def test_a_picture_of_169_megapixels_is_refused_in_the_memory_of_a_small_one() -> None:
    small, accepted = opened(written(drawing()))
    huge, refused = opened(bomb())

    assert ('"opened"' in accepted, '"refused"' in refused) == (True, True)
    assert huge < small + 4
    assert huge < 48


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGB")])
def test_the_largest_picture_that_is_taken_is_opened_within_its_bound(kind: str, mode: str) -> None:
    peak, said = opened(written(Image.new(mode, (4000, 3000)), kind))

    assert '"opened"' in said
    assert peak < 256


REFUSED = {
    "nothing": b"",
    "a text": b"I am a picture, honestly." * 20,
    "a page": PAGE,
    "a drawing of another kind": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "half a picture": written(drawing(400, 300))[:300],
    "a header and no more": written(drawing())[:33],
    "a GIF": written(drawing(), "GIF"),
    "a TIFF": written(drawing(), "TIFF"),
    "a page behind a picture's first bytes": b"\x89PNG\r\n\x1a\n" + PAGE,
    "too many bytes": bytes(UPLOAD_MAX_BYTES + 1),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_picture_is_refused(files: Files, name: str) -> None:
    with pytest.raises(GiveUp):
        await inspect(files, REFUSED[name])


async def test_where_nothing_was_uploaded_nothing_is_checked(files: Files) -> None:
    with pytest.raises(GiveUp, match="Nothing was uploaded"):
        await PictureInspector(files).inspect(Check(UPLOAD, StorageKey("quarantine/none")))


@pytest.mark.parametrize(("megabytes", "opens"), [(384, True), (110, False)])
def test_a_decoder_gets_no_more_memory_than_it_may_have(megabytes: int, opens: bool) -> None:
    """The largest picture that is taken, wanting four bytes a pixel."""
    stingy = (
        f"import sys; sys.path.insert(0, {str(inspector.OPENER.parent)!r}); import opener\n"
        f"opener.MEMORY_BYTES = {megabytes} * 1024 * 1024; opener.main()\n"
    )
    largest = written(Image.new("RGBA", (4000, 3000)), compress_level=1)
    ended = subprocess.run([sys.executable, "-I", "-c", stingy], input=largest, capture_output=True, timeout=30)

    assert (b'"opened"' in ended.stdout) is opens


def test_the_opener_and_the_contract_agree() -> None:
    from core.contracts.upload import UPLOAD_MAX_PIXELS

    assert opener.MOST_PIXELS == UPLOAD_MAX_PIXELS
