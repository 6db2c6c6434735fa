"""A learner with a thousand jobs costs the others no more than their own time once more, and gets them all the same."""

from pathlib import Path

import pytest

from tests.chaos.greed import JOBS, run_flood
from tests.pgbouncer import find_pgbouncer


@pytest.mark.timeout(400)
async def test_a_flood_delays_nobody_twice_and_is_paid_through_faults(tmp_path: Path) -> None:
    flood = await run_flood(tmp_path, 1, proxied=find_pgbouncer() is not None)

    assert flood.broken == [], flood
    assert flood.succeeded > JOBS / 2
