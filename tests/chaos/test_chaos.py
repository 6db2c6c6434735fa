"""A minute in which everything breaks, with a fixed seed. `make chaos` runs longer, with any other, and judges times too."""

from math import isfinite
from pathlib import Path

import pytest

from tests.chaos.__main__ import run
from tests.pgbouncer import find_pgbouncer

SEED, SECONDS = 1, 60.0


@pytest.mark.timeout(400)
async def test_a_minute_of_chaos_breaks_no_promise(tmp_path: Path) -> None:
    verdict = await run(tmp_path, SEED, SECONDS, proxied=find_pgbouncer() is not None)

    assert verdict.lost == [], verdict
    assert verdict.accepted > 20
    assert verdict.faults > 30
    assert verdict.jobs_hit > 0
    assert isfinite(verdict.recovery_longest_s), verdict
