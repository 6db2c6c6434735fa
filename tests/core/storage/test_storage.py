"""One conformance suite for every Storage, then what only a folder or only a bucket promises."""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiobotocore.awsrequest import AioAWSResponse
from botocore.compat import HTTPHeaders
from msgspec.structs import replace

from core.contracts.ids import ArtifactId, StorageKey, UserId
from core.errors import Forbidden, Invalid, KotonohaError, Misconfigured, NotFound, TooLarge, Unavailable
from core.storage import SignedForm, SignedLink, Storage, artifact_key, possible_keys, trial_key, try_out
from core.storage.choose import connections
from core.storage.files import Files
from core.storage.s3 import S3
from core.storage.s3_errors import ERRORS, LOOK_AT
from tests.moto import BUCKET, REGION, Moto, environment
from tests.workers.providers.conftest import FAKE_SETTINGS, aws_settings

KEY = StorageKey("artifacts/ab/abcd.png")
ARTIFACT = ArtifactId("0123abcd")
QUARTER = timedelta(minutes=15)


def files(folder: Path) -> Files:
    return Files(folder / "media", "http://127.0.0.1:8000/", "a secret of this test")


@pytest.fixture(scope="session")
async def opened(moto: Moto) -> AsyncIterator[S3]:
    """One client for all tests, as a process has one."""
    with environment(moto.environment()):
        async with S3(BUCKET, REGION) as s3:
            yield s3


@pytest.fixture
def bucket(moto: Moto, opened: S3) -> S3:
    """An empty one."""
    moto.start_over()
    return opened


@pytest.fixture(params=["files", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "files":
        return files(tmp_path)
    s3: S3 = request.getfixturevalue("bucket")
    return s3


class TestEveryStorage:
    """Runs once for each implementation."""

    async def test_no_more_is_read_than_was_asked_for(self, storage: Storage) -> None:
        await storage.put(KEY, b"picture" * 100_000, "image/png")

        assert len(await storage.get(KEY, 700_000)) == 700_000
        with pytest.raises(TooLarge):
            await storage.get(KEY, 699_999)

    async def test_trying_it_out_needs_no_file_that_was_there(self, storage: Storage) -> None:
        first, second = (trial_key("image/png") for _ in range(2))
        await try_out(storage, "audio/mpeg")

        assert first != second
        assert first.rpartition("/")[0] == "artifacts/image/probe"

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

    async def test_what_is_put_over_something_else_replaces_it(self, storage: Storage) -> None:
        await storage.put(KEY, b"picture", "image/png")
        await storage.put(KEY, b"another", "image/png")

        assert await storage.get(KEY) == b"another"

    async def test_a_form_says_what_it_is_for_and_when_it_expires(self, storage: Storage) -> None:
        before = datetime.now(UTC)
        form = await storage.form(KEY, "image/png", 1000, QUARTER)

        assert form.fields["key"] == KEY
        assert form.fields["Content-Type"] == "image/png"
        assert before + QUARTER - timedelta(seconds=1) <= form.expires_at <= datetime.now(UTC) + QUARTER
        assert urlsplit(form.url).scheme in ("http", "https")

    async def test_a_link_says_when_it_expires(self, storage: Storage) -> None:
        before = datetime.now(UTC)
        link = await storage.link(KEY, ARTIFACT, QUARTER)

        assert link.expires_at.tzinfo is UTC
        assert before + QUARTER - timedelta(seconds=1) <= link.expires_at <= datetime.now(UTC) + QUARTER
        assert urlsplit(link.url).scheme in ("http", "https")

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "../secret", "a/../../secret", "a/..", ".hidden", "a//b", "a\\..\\b"])
    async def test_a_key_that_would_leave_its_place_is_invalid(self, storage: Storage, key: str) -> None:
        bad = StorageKey(key)
        uses = [storage.put(bad, b"", "image/png"), storage.get(bad), storage.delete(bad), storage.exists(bad)]
        for use in (*uses, storage.link(bad, ARTIFACT, QUARTER), storage.form(bad, "image/png", 1, QUARTER)):
            with pytest.raises(Invalid):
                await use


def signed(link: SignedLink) -> tuple[int, str]:
    query = parse_qs(urlsplit(link.url).query)
    return int(query["expires"][0]), query["signature"][0]


async def test_a_link_of_the_folder_opens_until_it_expires(tmp_path: Path) -> None:
    link = await files(tmp_path).link(KEY, ARTIFACT, QUARTER)
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
async def test_an_altered_link_is_not_found(tmp_path: Path, artifact: str, later: int, altered: str) -> None:
    link = await files(tmp_path).link(KEY, ARTIFACT, QUARTER)
    expires, signature = signed(link)

    with pytest.raises(NotFound):
        files(tmp_path).verify(ArtifactId(artifact), expires + later, altered.format(signature), datetime.now(UTC))


async def test_a_link_signed_with_another_secret_is_not_found(tmp_path: Path) -> None:
    expires, signature = signed(await Files(tmp_path, "http://forger", "guessed").link(KEY, ARTIFACT, QUARTER))

    with pytest.raises(NotFound):
        files(tmp_path).verify(ARTIFACT, expires, signature, datetime.now(UTC))


async def test_a_form_of_the_folder_is_a_permit_until_it_expires(tmp_path: Path) -> None:
    form = await files(tmp_path).form(KEY, "image/png", 1000, QUARTER)
    policy, signature = form.fields["policy"], form.fields["signature"]
    permit = files(tmp_path).read_permit(policy, signature, form.expires_at - timedelta(seconds=1))

    assert (permit.key, permit.media_type, permit.most_bytes) == (KEY, "image/png", 1000)
    with pytest.raises(Forbidden, match="expired"):
        files(tmp_path).read_permit(policy, signature, form.expires_at)


async def test_a_forged_form_is_no_permit(tmp_path: Path) -> None:
    form = await files(tmp_path).form(KEY, "image/png", 1000, QUARTER)
    link = await files(tmp_path).link(KEY, ARTIFACT, QUARTER)
    wider = base64.b64encode(base64.b64decode(form.fields["policy"]).replace(b"1000", b"9999")).decode()
    forged = [(wider, form.fields["signature"]), (form.fields["policy"], ""), (form.fields["policy"], "秘\udcff")]
    # What was signed as a link is no form, whatever it says.
    forged.append((f"{ARTIFACT}\n{signed(link)[0]}", signed(link)[1]))
    for policy, signature in forged:
        with pytest.raises(Forbidden):
            files(tmp_path).read_permit(policy, signature, datetime.now(UTC))


async def test_a_put_that_fails_leaves_nothing_unfinished(tmp_path: Path) -> None:
    storage = files(tmp_path)
    await storage.put(StorageKey("a/b/c.png"), b"c", "image/png")

    with pytest.raises(IsADirectoryError):
        await storage.put(StorageKey("a/b"), b"a folder stands here", "image/png")

    assert [path.name for path in (tmp_path / "media").rglob("*") if path.is_file()] == ["c.png"]


async def test_a_folder_nobody_may_write_to_is_a_matter_of_settings() -> None:
    """Root may write anywhere but where nobody can: what a kernel says of /sys, it says of a disk that is read-only."""
    storage = Files(Path("/sys/kotonoha"), "http://127.0.0.1:8000/", "secret")

    with pytest.raises(Misconfigured) as failed:
        await storage.put(KEY, b"picture", "image/png")
    assert "KOTONOHA_MEDIA_DIR" in failed.value.look_at
    assert failed.value.reason.startswith("/sys/kotonoha: ")
    assert "/" not in failed.value.message, "learners read it"


def test_only_whole_files_lie_in_the_folder_and_the_path_leads_to_them(tmp_path: Path) -> None:
    storage = files(tmp_path)
    asyncio.run(storage.put(KEY, b"picture", "image/png"))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [storage.path(KEY)]
    assert storage.path(KEY).read_bytes() == b"picture"


def test_an_artifact_key_is_stable_sorted_into_folders_and_tells_its_type() -> None:
    picture = artifact_key(UserId("ana"), ARTIFACT, "image/png")
    recording = artifact_key(UserId("ana"), ARTIFACT, "audio/mpeg")

    assert picture == "artifacts/image/92/927e3aa8eeaa0c3ba9df76ffd341c0b20a6d157b0bdf49d49b380d5661c98534.png"
    assert recording == picture.replace("/image/", "/audio/").removesuffix(".png") + ".mp3"


def test_a_file_may_also_be_where_the_version_before_put_it() -> None:
    keys = possible_keys(UserId("ana"), ARTIFACT)

    assert artifact_key(UserId("ana"), ARTIFACT, "audio/mpeg") in keys
    assert "artifacts/92/927e3aa8eeaa0c3ba9df76ffd341c0b20a6d157b0bdf49d49b380d5661c98534.mp3" in keys
    assert len(set(keys)) == 6


def test_two_owners_never_share_a_file() -> None:
    keys = {artifact_key(UserId(owner), ARTIFACT, "image/png") for owner in ("ana", "ben")}

    assert len(keys) == 2


def test_an_artifact_of_a_type_no_tool_makes_is_invalid() -> None:
    with pytest.raises(Invalid, match="text/html"):
        artifact_key(UserId("ana"), ARTIFACT, "text/html")


async def test_a_bucket_is_told_the_type_and_keeps_one_version_of_the_same(bucket: S3, moto: Moto) -> None:
    for _ in range(3):
        await bucket.put(KEY, b"picture", "image/png")
    await bucket.put(KEY, b"another", "image/png")
    versions = await fetch(f"{moto.url}/{BUCKET}?versions")
    shown = await fetch((await bucket.link(KEY, ARTIFACT, QUARTER)).url)

    assert versions.text.count("<Version>") == 2
    assert shown.headers["content-type"] == "image/png"
    assert shown.content == b"another"


class Refusal:
    def __init__(self, code: str) -> None:
        self._code = code

    async def read(self) -> bytes:
        # A HEAD has no body.
        return f"<Error><Code>{self._code}</Code></Error>".encode() if self._code else b""


@contextlib.contextmanager
def refusing(bucket: S3, code: str, status: int, *operations: str, times: int = 1000) -> Iterator[list[str]]:
    """As S3 answers, `times` in a row. Whatever was asked is in the list."""
    events, asked = bucket._client.meta.events, list[str]()

    # An AioAWSResponse or None: an answer is what this hook may give, and botocore's stubs know of none.
    def refuse(request: Any, event_name: str, **_: Any) -> Any:
        asked.append(event_name.rpartition(".")[2])
        return AioAWSResponse("", status, HTTPHeaders(), Refusal(code)) if len(asked) <= times else None

    hooks = [f"before-send.s3.{operation}" for operation in operations]
    for hook in hooks:
        events.register(hook, refuse)
    try:
        yield asked
    finally:
        for hook in hooks:
            events.unregister(hook, refuse)


async def test_a_write_that_came_between_and_left_nothing_is_written_again(bucket: S3) -> None:
    """S3 answers 409 while another write of the key is under way, which may then come to nothing."""
    with refusing(bucket, "ConditionalRequestConflict", 409, "PutObject", times=1) as asked:
        await bucket.put(KEY, b"a picture", "image/png")

    assert asked == ["PutObject"] * 2
    assert await bucket.get(KEY) == b"a picture"


def forbidding(bucket: S3, *operations: str) -> contextlib.AbstractContextManager[list[str]]:
    """As S3 answers whoever may not list the bucket, whether there is a file or not."""
    return refusing(bucket, "AccessDenied", 403, *operations)


THEN: dict[type[KotonohaError], str] = {
    NotFound: "NoSuchKey NotFound",
    Unavailable: """
        PreconditionFailed ConditionalRequestConflict SlowDown Busy RequestLimitExceeded ThrottlingException InternalError
        ServiceUnavailable OperationAborted RequestTimeout IncompleteBody ExpiredToken TokenRefreshRequired 400""",
    Misconfigured: """
        NoSuchBucket InvalidBucketName InvalidBucketState PermanentRedirect Redirect TemporaryRedirect
        AuthorizationHeaderMalformed IllegalLocationConstraintException AccessDenied AllAccessDisabled AccountProblem
        NotSignedUp KMS.AccessDeniedException KMS.DisabledException KMS.KMSInvalidStateException KMS.NotFoundException
        InvalidAccessKeyId InvalidToken InvalidSecurity MissingSecurityHeader SignatureDoesNotMatch RequestTimeTooSkewed""",
    Invalid: """
        BadDigest EntityTooLarge EntityTooSmall InvalidArgument InvalidDigest InvalidObjectState InvalidRequest
        KeyTooLongError MethodNotAllowed MissingContentLength XAmzContentSHA256Mismatch""",
}
"""Written a second time, by what is raised: a code that the table has and this has not is no case of any test, and fails."""


@pytest.mark.parametrize("code", ERRORS)
async def test_each_error_of_s3(bucket: S3, code: str) -> None:
    (wanted,) = [kind for kind, codes in THEN.items() if code in codes.split()]
    await bucket.put(KEY, b"picture", "image/png")

    with refusing(bucket, code, 403, "GetObject"), pytest.raises(KotonohaError) as failed:
        await bucket.get(KEY)
    assert type(failed.value) is wanted
    if isinstance(failed.value, Misconfigured):
        assert failed.value.reason == code
        assert failed.value.look_at in LOOK_AT.values()


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(301, Misconfigured), (400, Unavailable), (403, Misconfigured), (429, Unavailable), (503, Unavailable)],
)
async def test_a_look_that_is_answered_without_a_word_goes_by_its_status(
    bucket: S3, status: int, wanted: type[KotonohaError]
) -> None:
    await bucket.put(KEY, b"picture", "image/png")

    with refusing(bucket, "", status, "HeadObject"), pytest.raises(KotonohaError) as failed:
        await bucket.exists(KEY)
    assert type(failed.value) is wanted


async def test_a_word_nobody_knows_is_a_fault_of_ours_and_told(bucket: S3) -> None:
    """A wrong bucket or region has words of its own; whoever mends this looks for the word, and at no setting."""
    await bucket.put(KEY, b"picture", "image/png")

    with refusing(bucket, "SomethingNew", 400, "GetObject"), pytest.raises(Invalid, match="SomethingNew"):
        await bucket.get(KEY)


async def test_who_has_no_keys_is_told_where_to_look(moto: Moto) -> None:
    keyless = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
    with environment(moto.environment() | keyless):
        async with S3(BUCKET, REGION) as s3:
            for asked in (s3.put(KEY, b"", "image/png"), s3.link(KEY, ARTIFACT, QUARTER)):
                with pytest.raises(Misconfigured) as failed:
                    await asked
                assert "AWS_ACCESS_KEY_ID" in failed.value.look_at


async def test_a_bucket_that_can_have_no_such_name_is_a_matter_of_settings(moto: Moto) -> None:
    """The SDK sends nothing for it: a store that is away would be asked again and again."""
    with environment(moto.environment()):
        async with S3("no bucket", REGION) as s3:
            with pytest.raises(Misconfigured) as failed:
                await s3.put(KEY, b"", "image/png")
    assert "KOTONOHA_MEDIA_BUCKET" in failed.value.look_at


async def test_every_slot_of_a_worker_has_a_connection_to_the_bucket(moto: Moto, tmp_path: Path) -> None:
    with environment(moto.environment()):
        async with S3(BUCKET, REGION, connections=37) as s3:
            config: Any = s3._client.meta.config
            assert config.max_pool_connections == 37
    settings = replace(aws_settings(FAKE_SETTINGS), slots_per_queue=16)

    assert connections(settings) > 3 * 16


async def test_what_is_absent_is_not_there_also_where_nobody_may_list_the_whole_bucket(bucket: S3) -> None:
    with forbidding(bucket, "HeadObject", "GetObject"):
        assert not await bucket.exists(KEY)
        with pytest.raises(NotFound):
            await bucket.get(KEY)


@pytest.mark.parametrize("more", [(), ("ListObjectsV2",)])
async def test_what_is_forbidden_is_never_taken_for_absent(bucket: S3, more: Sequence[str]) -> None:
    """It would be made, and paid for, once more."""
    await bucket.put(KEY, b"picture", "image/png")

    with forbidding(bucket, "HeadObject", "GetObject", *more):
        for asked in (bucket.exists(KEY), bucket.get(KEY)):
            with pytest.raises(Misconfigured):
                await asked


async def test_a_link_to_a_bucket_opens_the_file_and_lasts_as_long_as_it_says(bucket: S3) -> None:
    await bucket.put(KEY, b"picture", "image/png")
    link = await bucket.link(KEY, ARTIFACT, QUARTER)
    query = parse_qs(urlsplit(link.url).query)
    signed_at = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    assert query["X-Amz-Expires"] == ["900"]
    assert abs(signed_at + QUARTER - link.expires_at) <= timedelta(seconds=1)
    assert (await fetch(link.url)).content == b"picture"


async def test_a_link_leads_to_the_distribution_and_is_signed_for_the_bucket(moto: Moto) -> None:
    with environment(moto.environment() | {"AWS_ENDPOINT_URL_S3": ""}):
        async with S3(BUCKET, REGION) as direct, S3(BUCKET, REGION, "https://haiku.example") as fronted:
            own, ours = urlsplit((await direct.link(KEY, ARTIFACT, QUARTER)).url), await fronted.link(KEY, ARTIFACT, QUARTER)

    assert own.netloc == f"{BUCKET}.s3.{REGION}.amazonaws.com"
    assert own.path == f"/{KEY}"
    assert ours.url.startswith(f"https://haiku.example/{KEY}?")
    assert "X-Amz-SignedHeaders=host" in ours.url


async def test_a_form_of_a_bucket_takes_one_key_one_type_and_so_many_bytes(bucket: S3) -> None:
    form = await bucket.form(KEY, "image/png", 1000, QUARTER)
    conditions = json.loads(base64.b64decode(form.fields["policy"]))["conditions"]
    answer = await post(form, b"picture")

    assert {"key": KEY} in conditions
    assert {"bucket": BUCKET} in conditions
    assert {"Content-Type": "image/png"} in conditions
    assert ["content-length-range", 1, 1000] in conditions
    assert answer.status_code == 204
    assert await bucket.get(KEY) == b"picture"


async def test_who_only_signs_never_speaks_to_the_bucket(moto: Moto) -> None:
    with environment(moto.environment() | {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}):
        async with S3(BUCKET, REGION) as away:
            link, form = await away.link(KEY, ARTIFACT, QUARTER), await away.form(KEY, "image/png", 1000, QUARTER)
            for use in (away.put(KEY, b"", "image/png"), away.get(KEY), away.delete(KEY), away.exists(KEY)):
                with pytest.raises(Unavailable):
                    await use

    assert link.url.startswith(f"http://127.0.0.1:9/{BUCKET}/{KEY}?")
    assert form.url == f"http://127.0.0.1:9/{BUCKET}"


async def fetch(url: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(url)


async def post(form: SignedForm, content: bytes) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(form.url, data=form.fields, files={"file": ("picture.png", content, "image/png")})
