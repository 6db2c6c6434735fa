"""The fake of S3: what it was given is there again after it died."""

import asyncio
import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from local.fakes.credentials import BUCKET
from local.home import Home
from local.layout import make_s3
from local.ports import choose_ports
from tests.fakes import Json, amazon_client
from tests.servers import serving


@contextmanager
def served(folder: Path) -> Iterator[str]:
    ports = choose_ports(0)
    with serving(make_s3(Home(folder), ports, {})):
        yield ports.s3_url


def test_objects_outlive_the_server_and_deleted_ones_stay_away(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        posted = asyncio.run(fill(url))
    with served(tmp_path) as url:
        listed, again, body, refused = asyncio.run(look(url))

    assert posted == 204
    assert listed == ["learner/form.png", "learner/one.png"]
    assert (body, again["ContentType"], again["Metadata"]) == (b"first", "image/png", {"of": "tests"})
    assert again["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(b"first").digest()).decode()
    assert refused == "PreconditionFailed"


async def fill(url: str) -> int:
    """Three objects by themselves, two of which go again, and one by a form, whose status is returned."""
    async with amazon_client("s3", url) as s3:
        for number in ("one", "two", "three"):
            await put(s3, f"learner/{number}.png", b"first")
        await s3.delete_object(Bucket=BUCKET, Key="learner/two.png")
        form = await s3.generate_presigned_post(
            BUCKET, "learner/form.png", {"Content-Type": "image/png"}, [{"Content-Type": "image/png"}]
        )
        await s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "learner/three.png"}]})
    async with httpx.AsyncClient(trust_env=False) as browser:
        return (await browser.post(form["url"], data=form["fields"], files={"file": b"fourth"})).status_code


async def look(url: str) -> tuple[list[str], Json, bytes, str]:
    """The keys, one object, its body, and why it cannot be made again."""
    async with amazon_client("s3", url) as s3:
        listed = await s3.list_objects_v2(Bucket=BUCKET)
        body = await (await s3.get_object(Bucket=BUCKET, Key="learner/one.png"))["Body"].read()
        again = await s3.head_object(Bucket=BUCKET, Key="learner/one.png", ChecksumMode="ENABLED")
        with pytest.raises(ClientError) as refused:
            await put(s3, "learner/one.png", b"other", IfNoneMatch="*")
    return [found["Key"] for found in listed["Contents"]], again, body, refused.value.response["Error"]["Code"]


async def put(s3: Any, key: str, content: bytes, **condition: str) -> None:
    await s3.put_object(
        Bucket=BUCKET,
        Key=key,
        Body=content,
        ContentType="image/png",
        Metadata={"of": "tests"},
        ChecksumAlgorithm="SHA256",
        **condition,
    )
