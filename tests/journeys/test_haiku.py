"""A learner's topic becomes a haiku: through the whole house, with the tools of one machine and those of the account."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.journeys.platform import Platform, kotonoha
from tests.journeys.steps import ask, finish, follow, follow_live, read
from tests.until import until

SMALL = frozenset("ゃゅょぁぃぅぇぉゎ")


def morae_of(reading: str) -> int:
    """By hand, sharing nothing with core.kana: every kana counts but a small one, which leans on the one before."""
    return sum(1 for kana in reading if "ぁ" <= kana <= "ゖ" or kana == "ー") - sum(kana in SMALL for kana in reading)


async def fetch(url: str) -> bytes:
    async with httpx.AsyncClient(trust_env=False) as anybody:
        answer = await anybody.get(url)
    assert answer.status_code == 200
    return answer.content


def difference(one: bytes, other: bytes) -> float:
    """Mean difference of two pictures' pixels, 0 to 255."""
    first, second = (np.asarray(Image.open(io.BytesIO(picture)).convert("L"), dtype=float) for picture in (one, other))
    return float(np.abs(first - second).mean())


async def test_a_topic_becomes_a_poem_three_pictures_and_three_voices(anna: httpx.AsyncClient) -> None:
    request = await ask(anna, "autumn rain")
    events = await finish(anna, request)
    haiku = await read(anna, request["resource"])
    pictures = [await fetch(line["picture"]["url"]) for line in haiku["lines"]]
    voices = [await fetch(line["voice"]["url"]) for line in haiku["lines"]]

    assert events[-1]["type"] == "request.succeeded"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert haiku["status"] == "succeeded"
    assert [morae_of(line["reading"]) for line in haiku["lines"]] == [5, 7, 5]
    assert all(line["english"] and line["romaji"] and line["scene"] for line in haiku["lines"])
    assert any(haiku["season_word"] in line["japanese"] for line in haiku["lines"])
    assert {Image.open(io.BytesIO(picture)).size for picture in pictures} == {(768, 768)}
    assert min(difference(pictures[a], pictures[b]) for a, b in ((0, 1), (1, 2), (0, 2))) > 5
    assert min(soundfile.info(io.BytesIO(voice)).duration for voice in voices) >= 1
    assert [line["picture"]["width"] for line in haiku["lines"]] == [768, 768, 768]


async def test_the_poem_is_there_before_any_picture_and_each_part_as_its_job_ends(mei: httpx.AsyncClient) -> None:
    request = await ask(mei, "first snow")
    seen = [
        parts_of(await read(mei, request["resource"])) async for event in follow(mei, request) if event["type"] == "job.succeeded"
    ]

    assert seen[0] == (True, 0, 0)
    assert seen[-1] == (True, 3, 3)
    assert [sum(parts[1:]) for parts in seen] == sorted(sum(parts[1:]) for parts in seen)


def parts_of(haiku: dict[str, Any]) -> tuple[bool, int, int]:
    lines = haiku["lines"]
    return (
        all(line["japanese"] for line in lines),
        sum(line["picture"] is not None for line in lines),
        sum(line["voice"] is not None for line in lines),
    )


async def test_the_live_socket_tells_every_step_once(anna: httpx.AsyncClient) -> None:
    told = [frame async for frame in follow_live(anna, await ask(anna, "a lantern in the mist"))]
    seqs = [frame["seq"] for frame in told if "seq" in frame]

    assert seqs == list(range(1, len(seqs) + 1))
    assert told[-1]["type"] == "request.succeeded"


async def test_the_live_socket_tells_the_words_as_they_come(anna: httpx.AsyncClient) -> None:
    """The poet of this machine takes a twentieth of a second, so a follower may come too late, though hardly each time."""
    words: list[str] = []
    for _ in range(10):
        request = await ask(anna, "a lantern in the mist", illustrate=False)
        words = [frame["data"]["text"] async for frame in follow_live(anna, request) if frame["type"] == "job.delta"]
        if words:
            break
    poem = [line["japanese"] for line in (await read(anna, request["resource"]))["lines"]]

    assert words
    assert "\n".join(poem).startswith(words[0])


async def test_a_wish_changes_the_poem(anna: httpx.AsyncClient) -> None:
    first = await ask(anna, "autumn rain", illustrate=False)
    await finish(anna, first)
    before = await read(anna, first["resource"])
    answer = await anna.post(f"{first['resource']}/messages", json={"text": "winter instead", "illustrate": False})
    await finish(anna, answer.json())
    after = await read(anna, first["resource"])

    assert (before["season"], after["season"]) == ("autumn", "winter")
    assert [line["japanese"] for line in before["lines"]] != [line["japanese"] for line in after["lines"]]
    assert [said["role"] for said in after["messages"]] == ["learner", "poet", "learner", "poet"]
    assert [morae_of(line["reading"]) for line in after["lines"]] == [5, 7, 5]


async def test_another_learner_sees_nothing_of_it(mei: httpx.AsyncClient, ken: httpx.AsyncClient) -> None:
    request = await ask(mei, "a secret", illustrate=False)
    await finish(mei, request)
    paths = [
        request["resource"],
        *(request["links"][name] for name in ("self", "events")),
        f"/api/jobs/{request['jobs'][0]['id']}",
    ]

    links = request["links"]
    deeds = [links["cancel"], links["retry"], f"{request['resource']}/illustrations"]

    assert [(await ken.get(path)).status_code for path in paths] == [404] * 4
    assert [(await ken.post(path)).status_code for path in deeds] == [404] * 3
    assert (await ken.post(f"{request['resource']}/messages", json={"text": "mine now"})).status_code == 404
    assert (await ken.delete(request["resource"])).status_code == 404
    assert (await mei.get(request["resource"])).status_code == 200


async def test_a_deleted_haiku_takes_its_files_along(mei: httpx.AsyncClient) -> None:
    links = await delete_one(mei)

    assert await are_gone(links)


@pytest.mark.amazon
async def test_a_deleted_haiku_leaves_the_bucket_as_soon_as_a_worker_has_cleared_it(on_fakes: Platform) -> None:
    async with await on_fakes.learner("anna") as anna:
        links = await delete_one(anna)

    await until(lambda: are_gone(links), within_seconds=30)


async def delete_one(learner: httpx.AsyncClient) -> list[str]:
    """The links of its pictures. Raises AssertionError when the haiku itself is still there."""
    request = await ask(learner, "a moth at the lamp")
    await finish(learner, request)
    haiku = await read(learner, request["resource"])
    deleted = await learner.delete(request["resource"])
    assert deleted.status_code == 204
    assert (await learner.get(request["resource"])).status_code == 404
    return [line["picture"]["url"] for line in haiku["lines"]]


async def are_gone(links: list[str]) -> bool:
    async with httpx.AsyncClient(trust_env=False) as anybody:
        return [(await anybody.get(link)).status_code for link in links] == [404] * len(links)


async def test_the_command_tries_a_haiku_and_keeps_it(platform: Platform, tmp_path: Path) -> None:
    told = await kotonoha("try", "haiku", "the old pond", "--home", str(platform.home), "--out", str(tmp_path / "kept"), "--json")
    tried = json.loads(told)

    assert set(tried) == {"request", "haiku", "files", "seconds"}
    assert sorted(Path(name).name for name in tried["files"]) == sorted(
        ["haiku.json", *(f"line-{number}.{kind}" for number in (1, 2, 3) for kind in ("mp3", "png"))]
    )
    assert all((tmp_path / "kept" / Path(name).name).stat().st_size > 500 for name in tried["files"])


async def test_logs_tell_the_job_and_never_the_words(mei: httpx.AsyncClient, platform: Platform) -> None:
    request = await ask(mei, "xylophone-in-the-attic", illustrate=False)
    await finish(mei, request)
    logs = "".join(path.read_text() for path in (platform.home / "logs").glob("*.log"))
    line = next(json.loads(line) for line in logs.splitlines() if request["id"] in line and "job ended" in line)

    assert "xylophone" not in logs
    assert line["job_id"] == request["jobs"][0]["id"]
    assert len(line["trace_id"]) == 32
