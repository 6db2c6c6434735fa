"""Which storage: a folder of this machine, or a bucket of the account."""

from core.contracts.job import QUEUES
from core.settings import Settings
from core.storage import Storage
from core.storage.files import Files


def choose_storage(settings: Settings) -> Storage:
    if settings.providers == "local":
        return Files(settings.media_dir, settings.public_url, settings.link_secret)
    # Imported when asked for: the SDK is heavy, and one machine needs none of it.
    from core.storage.s3 import S3

    return S3(settings.media_bucket, settings.aws_region, settings.media_url, connections(settings))


def connections(settings: Settings) -> int:
    """One for every slot of a worker on all queues, and one to clear litter."""
    return settings.slots_per_queue * len(QUEUES) + 1
