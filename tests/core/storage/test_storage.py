"""One conformance suite for every Storage, then what only the folder of this machine promises."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.contracts.ids import ArtifactId, StorageKey, UserId
from core.errors import Invalid, NotFound
from core.storage import SignedLink, Storage, artifact_key
from core.storage.files import Files

KEY = StorageKey("artifacts/ab/abcd.png")
ARTIFACT = ArtifactId("0123abcd")
QUARTER = timedelta(minutes=15)


def files(folder: Path) -> Files:
    return Files(folder / "media", "http://127.0.0.1:8000/", "a secret of this test")


STORAGES: dict[str, Callable[[Path], Storage]] = {"files": files}


@pytest.fixture(params=list(STORAGES.values()), ids=list(STORAGES))
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    build: Callable[[Path], Storage] = request.param
    return build(tmp_path)


class TestEveryStorage:
    """Runs once for each implementation."""

    async def test_what_was_put_is_what_is_got(self, storage: Storage) -> None:
        content = bytes(range(256)) * 1000
        await storage.put(KEY, content, "image/png")

        assert await storage.exists(KEY)
        assert await storage.get(KEY) == content

    async def test_an_empty_file_is_a_file(self, storage: Storage) -> None:
        await storage.put(KEY, b"", "image/png")

        assert await storage.exists(KEY)
        assert await storage.get(KEY) == b""

    async def test_putting_the_same_twice_changes_nothing(self, storage: Storage) -> None:
        await storage.put(KEY, b"picture", "image/png")
        await storage.put(KEY, b"picture", "image/png")

        assert await storage.get(KEY) == b"picture"

    async def test_writers_of_one_key_leave_one_of_their_contents_whole(self, storage: Storage) -> None:
        contents = [bytes([number]) * 200_000 for number in range(8)]
        async with asyncio.TaskGroup() as writing:
            for content in contents:
                writing.create_task(storage.put(KEY, content, "image/png"))

        assert await storage.get(KEY) in contents

    async def test_what_was_never_put_is_not_found(self, storage: Storage) -> None:
        assert not await storage.exists(KEY)
        with pytest.raises(NotFound):
            await storage.get(KEY)

    async def test_what_was_deleted_is_gone_and_can_be_deleted_again(self, storage: Storage) -> None:
        await storage.put(KEY, b"picture", "image/png")
        await storage.delete(KEY)
        await storage.delete(KEY)

        assert not await storage.exists(KEY)
        with pytest.raises(NotFound):
            await storage.get(KEY)

    async def test_a_part_of_a_key_is_not_a_file(self, storage: Storage) -> None:
        await storage.put(KEY, b"picture", "image/png")
        for near in (StorageKey("artifacts/ab"), StorageKey(f"{KEY}/more")):
            await storage.delete(near)

            assert not await storage.exists(near)
            with pytest.raises(NotFound):
                await storage.get(near)
        assert await storage.get(KEY) == b"picture"

    def test_a_link_says_when_it_expires(self, storage: Storage) -> None:
        before = datetime.now(UTC)
        link = storage.link(KEY, ARTIFACT, QUARTER)

        assert link.expires_at.tzinfo is UTC
        assert before + QUARTER - timedelta(seconds=1) <= link.expires_at <= datetime.now(UTC) + QUARTER
        assert urlsplit(link.url).scheme in ("http", "https")

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "../secret", "a/../../secret", "a/..", ".hidden", "a//b", "a\\..\\b"])
    async def test_a_key_that_would_leave_its_place_is_invalid(self, storage: Storage, key: str) -> None:
        bad = StorageKey(key)
        for use in (storage.put(bad, b"", "image/png"), storage.get(bad), storage.delete(bad), storage.exists(bad)):
            with pytest.raises(Invalid):
                await use
        with pytest.raises(Invalid):
            storage.link(bad, ARTIFACT, QUARTER)


def signed(link: SignedLink) -> tuple[int, str]:
    query = parse_qs(urlsplit(link.url).query)
    return int(query["expires"][0]), query["signature"][0]


def test_a_link_of_the_folder_opens_until_it_expires(tmp_path: Path) -> None:
    link = files(tmp_path).link(KEY, ARTIFACT, QUARTER)
    expires, signature = signed(link)

    assert link.url.startswith(f"http://127.0.0.1:8000/media/{ARTIFACT}?")
    assert expires == int(link.expires_at.timestamp())
    # Another process with the same secret, such as another api, honours it too.
    files(tmp_path).verify(ARTIFACT, expires, signature, link.expires_at - timedelta(seconds=1))
    with pytest.raises(NotFound):
        files(tmp_path).verify(ARTIFACT, expires, signature, link.expires_at)


@pytest.mark.parametrize(
    ("artifact", "later", "altered"),
    [
        ("0123abce", 0, "{}"),
        ("0123abcd", 60, "{}"),
        ("0123abcd", 0, "{}="),
        ("0123abcd", 0, "A{}"),
        ("0123abcd", 0, "秘密"),
        ("0123abcd", 0, ""),
    ],
)
def test_an_altered_link_is_not_found(tmp_path: Path, artifact: str, later: int, altered: str) -> None:
    link = files(tmp_path).link(KEY, ARTIFACT, QUARTER)
    expires, signature = signed(link)

    with pytest.raises(NotFound):
        files(tmp_path).verify(ArtifactId(artifact), expires + later, altered.format(signature), datetime.now(UTC))


def test_a_link_signed_with_another_secret_is_not_found(tmp_path: Path) -> None:
    expires, signature = signed(Files(tmp_path, "http://forger", "guessed").link(KEY, ARTIFACT, QUARTER))

    with pytest.raises(NotFound):
        files(tmp_path).verify(ARTIFACT, expires, signature, datetime.now(UTC))


async def test_a_put_that_fails_leaves_nothing_unfinished(tmp_path: Path) -> None:
    storage = files(tmp_path)
    await storage.put(StorageKey("a/b/c.png"), b"c", "image/png")

    with pytest.raises(IsADirectoryError):
        await storage.put(StorageKey("a/b"), b"a folder stands here", "image/png")

    assert [path.name for path in (tmp_path / "media").rglob("*") if path.is_file()] == ["c.png"]


def test_only_whole_files_lie_in_the_folder_and_the_path_leads_to_them(tmp_path: Path) -> None:
    storage = files(tmp_path)
    asyncio.run(storage.put(KEY, b"picture", "image/png"))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [storage.path(KEY)]
    assert storage.path(KEY).read_bytes() == b"picture"


def test_an_artifact_key_is_stable_sorted_into_folders_and_tells_its_type() -> None:
    picture = artifact_key(UserId("ana"), ARTIFACT, "image/png")
    recording = artifact_key(UserId("ana"), ARTIFACT, "audio/mpeg")

    assert picture == "artifacts/92/927e3aa8eeaa0c3ba9df76ffd341c0b20a6d157b0bdf49d49b380d5661c98534.png"
    assert recording == picture.removesuffix(".png") + ".mp3"


def test_two_owners_never_share_a_file() -> None:
    keys = {artifact_key(UserId(owner), ARTIFACT, "image/png") for owner in ("ana", "ben")}

    assert len(keys) == 2


def test_an_artifact_of_a_type_no_tool_makes_is_invalid() -> None:
    with pytest.raises(Invalid, match="text/html"):
        artifact_key(UserId("ana"), ARTIFACT, "text/html")
