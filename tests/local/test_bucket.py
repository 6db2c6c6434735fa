"""The doctor puts a file into the bucket, and says which setting to look at when it may not."""

from pathlib import Path

import pytest

from local.bucket import examine_bucket, where_files_are
from local.home import Home
from local.store import Store, keep_to
from tests.moto import BUCKET, REGION, Moto, environment

NAMES = {"KOTONOHA_PROVIDERS": "aws", "KOTONOHA_MEDIA_BUCKET": BUCKET, "KOTONOHA_AWS_REGION": REGION}


@pytest.mark.parametrize(
    ("names", "ok", "says", "advice"),
    [
        ({}, True, "takes files", ""),
        ({"KOTONOHA_MEDIA_BUCKET": "another"}, False, "NoSuchBucket", "KOTONOHA_MEDIA_BUCKET"),
        ({"KOTONOHA_MEDIA_BUCKET": ""}, False, "not named", "KOTONOHA_MEDIA_BUCKET"),
    ],
)
async def test_a_bucket_is_tried_out(moto: Moto, names: dict[str, str], ok: bool, says: str, advice: str) -> None:
    moto.start_over()
    with environment(moto.environment()):
        (finding,) = await examine_bucket(NAMES | names)

    assert finding.ok is ok
    assert says in finding.says
    assert advice in (finding.advice or "")


async def test_a_bucket_that_is_away_is_said_to_be(moto: Moto) -> None:
    with environment(moto.environment() | {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}):
        (finding,) = await examine_bucket(NAMES)

    assert not finding.ok
    assert "AWS_ENDPOINT_URL_S3" in (finding.advice or "")


async def test_files_of_this_machine_are_no_question_of_a_bucket() -> None:
    assert list(await examine_bucket({})) == []


def test_a_home_is_examined_by_what_it_keeps(tmp_path: Path) -> None:
    home = Home(tmp_path)
    keep_to(home, Store("aws", "its-own"))

    assert where_files_are(home, {"KOTONOHA_AWS_REGION": REGION}) == NAMES | {"KOTONOHA_MEDIA_BUCKET": "its-own"}
    assert where_files_are(home, NAMES) == NAMES | {"KOTONOHA_MEDIA_BUCKET": "its-own"}


async def test_a_home_of_this_machine_has_no_bucket_whatever_is_set_around_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    keep_to(home, Store("local"))

    assert list(await examine_bucket(where_files_are(home, NAMES))) == []


def test_a_home_that_keeps_nothing_yet_is_examined_by_the_environment(tmp_path: Path) -> None:
    assert where_files_are(Home(tmp_path / "new"), NAMES) == NAMES
