"""The doctor puts a file into the bucket, and says which setting to look at when it may not."""

import pytest

from local.bucket import examine_bucket
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
