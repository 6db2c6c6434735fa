"""A learner with a thousand jobs gets them all through faults. What the others wait, `python -m tests.chaos --greedy` judges."""

from pathlib import Path

import pytest

from tests.chaos.greed import JOBS, run_flood
from tests.pgbouncer import find_pgbouncer


@pytest.mark.timeout(400)
async def test_a_flood_is_done_and_paid_through_faults(tmp_path: Path) -> None:
    flood = await run_flood(tmp_path, 1, proxied=find_pgbouncer() is not None)

    assert flood.lost == [], flood
    assert flood.succeeded > JOBS / 2
    assert flood.waiting > JOBS / 2
    # Without its turn a newcomer waits for minutes here. The machine may be busy.
    assert flood.beside_s <= 5 * flood.alone_s
