"""Files in one S3 bucket, opened by links that S3 itself checks. The one door of aioboto3 outside the providers."""

import base64
import contextlib
import hashlib
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

import aioboto3
from aiobotocore.config import AioConfig
from aiohttp import ClientError as BrokenOff
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from core.contracts.ids import ArtifactId, StorageKey
from core.errors import Invalid, KotonohaError, Misconfigured, NotFound, Unavailable
from core.keyless import KEYLESS
from core.read_at_most import PIECE_BYTES, read_at_most
from core.storage import SignedForm, SignedLink, check_key
from core.storage.s3_errors import LOOK_AT, Verdict, read_error

T = TypeVar("T")

CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0


class S3:
    """A Storage in one bucket, with one client for as long as it is open. Retries are the caller's: the SDK makes none.

    Links and forms are signed here and now: who only signs never speaks to S3. `public_url` is the distribution in front of
    the bucket, if there is one; it must ask the bucket under the bucket's own host, for that is what is signed. At most
    `connections` are open at once: who has none left waits for one, for which no timeout counts, so let every caller have one.
    """

    def __init__(self, bucket: str, region: str, public_url: str = "", connections: int = 10) -> None:
        self._bucket = bucket
        self._region = region
        self._public_url = urlsplit(public_url)
        self._connections = connections
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        config = AioConfig(
            signature_version="s3v4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=self._connections,
            # A link says which host it was signed for, and the global one of S3 only redirects to the region's.
            s3={"addressing_style": "virtual"},
            retries={"total_max_attempts": 1, "mode": "standard"},
        )
        opening = aioboto3.Session().client("s3", region_name=self._region, config=config)
        self._client = await self._open.enter_async_context(opening)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._open.aclose()

    async def put(self, key: StorageKey, content: bytes, media_type: str) -> None:
        """Only what is new is written, so that putting the same again leaves no second version."""
        check_key(key)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        with _translated(key):
            try:
                await self._write(key, content, media_type, digest, IfNoneMatch="*")
            except ClientError as error:
                if _verdict(error) != "taken":
                    raise
                # Somebody else was writing it, and may have been stopped, or it was deleted since: then it is not there.
                if await self._digest_if_there(key) != digest:
                    await self._write(key, content, media_type, digest)

    async def get(self, key: StorageKey, most_bytes: int | None = None) -> bytes:
        check_key(key)
        with _translated(key):
            answer = await self._find(key, self._client.get_object(Bucket=self._bucket, Key=key))
            async with answer["Body"] as body:
                return await (
                    body.read() if most_bytes is None else read_at_most(most_bytes, body.content.iter_chunked(PIECE_BYTES))
                )

    async def delete(self, key: StorageKey) -> None:
        check_key(key)
        with _translated(key):
            await self._client.delete_object(Bucket=self._bucket, Key=key)

    async def exists(self, key: StorageKey) -> bool:
        check_key(key)
        try:
            with _translated(key):
                await self._find(key, self._client.head_object(Bucket=self._bucket, Key=key))
        except NotFound:
            return False
        return True

    async def link(self, key: StorageKey, artifact: ArtifactId, lasts: timedelta) -> SignedLink:
        """`artifact` is not in it: the key tells S3 enough."""
        check_key(key)
        expires_at = datetime.now(UTC) + lasts
        asked = {"Bucket": self._bucket, "Key": key, "ResponseCacheControl": f"private, max-age={int(lasts.total_seconds())}"}
        with _translated(key):
            url = await self._client.generate_presigned_url("get_object", asked, int(lasts.total_seconds()))
        return SignedLink(self._in_public(url), expires_at)

    async def form(self, key: StorageKey, media_type: str, most_bytes: int, lasts: timedelta) -> SignedForm:
        check_key(key)
        expires_at = datetime.now(UTC) + lasts
        conditions: list[Any] = [{"Content-Type": media_type}, ["content-length-range", 1, most_bytes]]
        with _translated(key):
            form = await self._client.generate_presigned_post(
                self._bucket, key, {"Content-Type": media_type}, conditions, int(lasts.total_seconds())
            )
        return SignedForm(form["url"], form["fields"], expires_at)

    async def _write(self, key: StorageKey, content: bytes, media_type: str, digest: str, **condition: Any) -> None:
        await self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=content,
            ContentType=media_type,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=digest,
            **condition,
        )

    async def _digest_if_there(self, key: StorageKey) -> str | None:
        asked = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        with contextlib.suppress(NotFound), _translated(key):
            return (await self._find(key, asked)).get("ChecksumSHA256")
        return None

    async def _find(self, key: StorageKey, asked: Awaitable[T]) -> T:
        """S3 says "forbidden" of what is absent to whoever may not list the bucket, and our roles may list some folders of it
        alone. So the list, which they may ask for by the key, has the last word. Raises NotFound.

        Source: docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, "Permissions".
        """
        try:
            return await asked
        except ClientError as error:
            if _verdict(error) != "permission" or await self._is_listed(key):
                raise
            raise NotFound(f"There is no file {key}.") from error

    async def _is_listed(self, key: StorageKey) -> bool:
        # Of all keys that begin so, the key itself comes first.
        listed = await self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
        return any(found.get("Key") == key for found in listed.get("Contents", ()))

    def _in_public(self, url: str) -> str:
        if not self._public_url.netloc:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self._public_url.scheme, netloc=self._public_url.netloc))


@contextmanager
def _translated(key: StorageKey) -> Iterator[None]:
    """Raises an error of this house in place of what the SDK raises."""
    try:
        yield
    except ClientError as error:
        raise _ours(key, _verdict(error), _code(error)) from error
    except KEYLESS as error:
        raise _ours(key, "keys", type(error).__name__) from error
    except ParamValidationError as error:
        # Of all that is sent, the name of the bucket alone is not ours to choose.
        raise _ours(key, "bucket", type(error).__name__) from error
    except (BotoCoreError, BrokenOff, TimeoutError) as error:
        raise Unavailable("The store of files cannot be reached.") from error


def _ours(key: StorageKey, verdict: Verdict, code: str) -> KotonohaError:
    match verdict:
        case "absent":
            return NotFound(f"There is no file {key}.")
        case "away" | "taken":
            return Unavailable("The store of files refuses us for the moment.")
        case "unfit":
            return Invalid(f"The store of files does not take this ({code}).")
        case "bucket" | "permission" | "keys" | "clock":
            return Misconfigured(
                "The store of files is not set up as it should be. That is a fault of ours, and was written down.",
                code,
                LOOK_AT[verdict],
            )


def _verdict(error: ClientError) -> Verdict:
    return read_error(_code(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
