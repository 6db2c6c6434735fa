"""Can files be put where the account keeps them? Asked of the bucket itself, with the credentials around us."""

from collections.abc import Iterator, Mapping

from core.errors import Invalid, Misconfigured, Unavailable
from core.settings import PREFIX
from core.storage import try_out
from local.examination import Finding
from local.home import Home
from local.store import BUCKET, PROVIDERS, find_store

REGION = f"{PREFIX}AWS_REGION"


def where_files_are(home: Home, ours: Mapping[str, str]) -> Mapping[str, str]:
    """The environment around us, but of providers and bucket what the home keeps. Raises Refused as find_store does."""
    kept = find_store(home)
    return {**ours, PROVIDERS: kept.providers, **kept.environment} if kept else ours


async def examine_bucket(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing where files are kept on this machine. Otherwise one is put there, and deleted."""
    if environment.get(PROVIDERS) != "aws":
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
