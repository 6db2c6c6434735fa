"""What every job is run with."""

from collections.abc import Mapping

from msgspec import Struct, field

from core.contracts.job import Queue
from core.db.pool import Pool
from core.queue import Bell
from core.settings import Settings
from core.storage import Storage
from workers.depot import Depot
from workers.tools import Tools


class Parts(Struct, frozen=True):
    """Made once a process."""

    settings: Settings
    pool: Pool
    bell: Bell
    storage: Storage
    tools: Mapping[Queue, Tools]
    depot: Depot = field(default_factory=Depot)
