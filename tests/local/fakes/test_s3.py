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
from botocore.config import Config
from botocore.exceptions import ClientError

from local.fakes.credentials import ACCESS_KEY, BUCKET, REGION
from local.fakes.s3.shelf import Shelf
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


def test_what_is_on_the_shelf_is_told_without_reading_it(tmp_path: Path) -> None:
    """A form is posted while others delete: what goes meanwhile must not be missed half-way."""
    shelf = Shelf(tmp_path)
    shelf.put("one", {}, b"first")
    next(tmp_path.glob("*.body")).unlink()

    assert shelf.keys() == {"one"}


async def sign(url: str, region: str, key: str = ACCESS_KEY) -> httpx.Response:
    """What a link of these keys and this region opens."""
    async with amazon_client("s3", url, region_name=region, aws_access_key_id=key, config=Config(signature_version="s3v4")) as s3:
        await put(s3, "learner/one.png", b"first") if region == REGION and key == ACCESS_KEY else None
        link = await s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "learner/one.png"}, 60)
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(link)


def test_a_link_signed_for_another_region_or_with_other_keys_opens_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        good = asyncio.run(sign(url, REGION))
        elsewhere = asyncio.run(sign(url, "eu-west-1"))
        stranger = asyncio.run(sign(url, REGION, "AKIASOMEBODYELSE"))

    assert (good.status_code, good.content) == (200, b"first")
    for refused in (elsewhere, stranger):
        assert refused.status_code == 400
        assert b"AuthorizationQueryParametersError" in refused.content


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
