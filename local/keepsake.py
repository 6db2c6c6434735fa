"""Keep a haiku as files: haiku.json, and a picture and a recording a line."""

import asyncio
import re
import tempfile
import unicodedata
from pathlib import Path

import msgspec
from msgspec import Struct

from core.errors import Refused
from local.caller import Caller, Json

SLUG_MAX_CHARS = 40
PAGE, ENDINGS = "haiku.json", {"picture": "png", "voice": "mp3"}
NAMES = (PAGE, *(f"line-{number}.{ending}" for ending in ENDINGS.values() for number in (1, 2, 3)))


class KeptLine(Struct, frozen=True):
    """With or without its picture and recording."""

    number: int
    picture: Json | None
    voice: Json | None


class Keepsake(Struct, frozen=True):
    """What every haiku.json that was written here has, and hardly anybody else's."""

    id: str
    topic: str
    lines: list[KeptLine]


def check_place(given: str | None, topic: str) -> None:
    """Before anybody works: raises Refused where no files can be put, or somebody else's would be written over."""
    if given is not None:
        _check_ours(choose_folder(given, topic))
        return
    try:
        tempfile.TemporaryDirectory(dir=Path.cwd()).cleanup()
    except OSError as error:
        raise Refused(f"Nothing can be kept in {Path.cwd()}: {error.strerror}. Choose a folder with --out.") from error


def choose_folder(given: str | None, topic: str) -> Path:
    """The folder that was asked for, or a new one named after the topic: an earlier haiku is never written over unasked."""
    if given is not None:
        return _make(Path(given).expanduser().absolute())
    first = Path.cwd() / f"haiku-{slug(topic)}"
    folder, number = first, 2
    while folder.exists():
        folder = first.with_name(f"{first.name}-{number}")
        number += 1
    return _make(folder)


def slug(topic: str) -> str:
    """Letters and digits of any script, with a hyphen for everything between."""
    words = re.sub(r"[^\w]+|_", "-", unicodedata.normalize("NFKC", topic).lower())
    return words[:SLUG_MAX_CHARS].strip("-") or "untitled"


async def keep(caller: Caller, haiku: Json, folder: Path) -> list[Path]:
    """Write what is there; what could not be made is missing. Returns the files, haiku.json first."""
    page = folder / PAGE
    page.write_bytes(msgspec.json.format(msgspec.json.encode(haiku), indent=2) + b"\n")
    _clear(folder)
    wanted = [
        (folder / f"line-{line['number']}.{ending}", line[medium]["url"])
        for medium, ending in ENDINGS.items()
        for line in haiku["lines"]
        if line[medium]
    ]
    for (path, _), content in zip(wanted, await asyncio.gather(*(caller.download(url) for _, url in wanted)), strict=True):
        path.write_bytes(content)
    return [page, *(path for path, _ in wanted)]


def _clear(folder: Path) -> None:
    """Pictures and recordings of an earlier haiku, or one that the new lacks would be taken for its own."""
    for name in NAMES[1:]:
        (folder / name).unlink(missing_ok=True)


def _check_ours(folder: Path) -> None:
    """An earlier keepsake gives way to the next; what somebody else put under its names does not."""
    there = [name for name in NAMES if (folder / name).exists()]
    if there and not _is_keepsake(folder / PAGE):
        raise Refused(
            f"{folder} holds {', '.join(there)}, which this command did not write, and nothing else is written over. "
            "Choose another folder with --out, or leave it out and one is made."
        )


def _is_keepsake(page: Path) -> bool:
    try:
        msgspec.json.decode(page.read_bytes(), type=Keepsake)
    except (OSError, msgspec.MsgspecError):
        return False
    return True


def _make(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}. Choose another folder with --out.") from error
    return folder
