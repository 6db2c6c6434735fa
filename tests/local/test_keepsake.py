"""A haiku is kept in a folder that hides no other."""

import asyncio
from pathlib import Path

import httpx
import pytest

from core.errors import Refused
from local.caller import Caller, Json
from local.keepsake import check_place, choose_folder, keep, slug

ECHO = httpx.MockTransport(lambda request: httpx.Response(200, content=request.url.path.encode()))


async def keep_here(haiku: Json, folder: Path) -> list[Path]:
    async with httpx.AsyncClient(transport=ECHO, base_url="http://api.test") as http:
        return await keep(Caller(http), haiku, folder)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("autumn rain", "autumn-rain"),
        ("  Autumn, RAIN! ", "autumn-rain"),
        ("秋の雨", "秋の雨"),
        ("../../etc/passwd", "etc-passwd"),
        ("a_b/c\x00d", "a-b-c-d"),
        ("?!", "untitled"),
        ("x" * 200, "x" * 40),
    ],
)
def test_a_topic_becomes_a_name_that_is_safe_as_a_folder(topic: str, name: str) -> None:
    assert slug(topic) == name


def test_an_earlier_haiku_on_the_same_topic_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = [choose_folder(None, "rain") for _ in range(3)]

    assert [folder.name for folder in folders] == ["haiku-rain", "haiku-rain-2", "haiku-rain-3"]


def test_a_folder_that_was_asked_for_is_used_as_it_is(tmp_path: Path) -> None:
    assert (
        choose_folder(str(tmp_path / "a" / "b"), "rain")
        == choose_folder(str(tmp_path / "a" / "b"), "rain")
        == tmp_path / "a" / "b"
    )


@pytest.mark.parametrize("name", ["haiku.json", "line-3.png", "line-1.mp3"])
@pytest.mark.parametrize("content", ["mine", '{"id": "7", "topic": "mine"}'])
def test_nothing_of_somebody_elses_is_written_over_in_a_folder_that_was_asked_for(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / "mine.txt").touch()
    check_place(str(tmp_path), "rain")
    (tmp_path / name).write_text(content)

    with pytest.raises(Refused, match=rf"holds {name}, which this command did not write.*--out"):
        check_place(str(tmp_path), "rain")


def test_a_folder_is_used_again_and_keeps_nothing_of_the_haiku_before(tmp_path: Path) -> None:
    line = {"number": 1, "picture": {"url": "/media/1"}, "voice": {"url": "/media/2"}}
    for picture in (line["picture"], None):
        check_place(str(tmp_path), "rain")
        asyncio.run(keep_here({"id": "7", "topic": "rain", "lines": [{**line, "picture": picture}]}, tmp_path))

    assert {file.name for file in tmp_path.iterdir()} == {"haiku.json", "line-1.mp3"}


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Refused, match=r"file.*--out"):
        choose_folder(str(tmp_path / "file" / "folder"), "rain")


async def test_what_is_there_is_kept_and_what_is_not_is_left_out(tmp_path: Path) -> None:
    haiku = {
        "topic": "秋",
        "lines": [
            {"number": 1, "picture": {"url": "/media/1"}, "voice": {"url": "/media/2"}},
            {"number": 2, "picture": None, "voice": {"url": "/media/3"}},
        ],
    }
    files = await keep_here(haiku, tmp_path)

    assert [file.name for file in files] == ["haiku.json", "line-1.png", "line-1.mp3", "line-2.mp3"]
    assert (tmp_path / "line-2.mp3").read_bytes() == b"/media/3"
    assert '"topic": "秋"' in (tmp_path / "haiku.json").read_text()
