"""Can files be put where the account keeps them? Asked of the bucket itself, with the credentials around us."""

from collections.abc import Iterator, Mapping

from core.errors import Invalid, Misconfigured, Unavailable
from core.settings import PREFIX
from core.storage import try_out
from local.examination import Finding

BUCKET, REGION = f"{PREFIX}MEDIA_BUCKET", f"{PREFIX}AWS_REGION"


async def examine_bucket(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing where files are kept on this machine. Otherwise one is put there, and deleted."""
    if environment.get(f"{PREFIX}PROVIDERS") != "aws":
        return iter(())
    if missing := [name for name in (BUCKET, REGION) if not environment.get(name)]:
        return iter([_unwell("is not named", f"Set {' and '.join(missing)}.")])
    return iter([await _try(environment[BUCKET], environment[REGION])])


async def _try(bucket: str, region: str) -> Finding:
    # The SDK is heavy, and one machine needs none of it.
    from core.storage.s3 import S3

    try:
        async with S3(bucket, region) as storage:
            for media_type in ("image/png", "audio/mpeg"):
                await try_out(storage, media_type)
    except Misconfigured as wrong:
        return _unwell(f"{bucket} takes no file: {wrong.reason}", f"Look at {wrong.look_at}.")
    except (Unavailable, Invalid) as error:
        return _unwell(f"{bucket} takes no file", f"{error.message} Is the network there, and AWS_ENDPOINT_URL_S3 right?")
    return Finding("storage", True, f"{bucket} takes files")


def _unwell(says: str, advice: str) -> Finding:
    return Finding("storage", False, says, advice)
