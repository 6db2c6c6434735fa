"""Long walks at random, Postgres and model side by side. CI walks the same ones every time; `EXAMPLES=2000` walks new ones."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from core.db.pool import PlainConnection
from tests.core.db.rows import say
from tests.core.db.side_by_side import SideBySide, begin

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
PHASES = set(Phase) - {Phase.explain} - ({Phase.shrink} if "UNSHRUNK" in os.environ else set())
"""Looking for the shortest walk to a failure takes minutes: who only asks whether there is one sets `UNSHRUNK`."""

PROFILE = settings(
    max_examples=EXAMPLES or 100,
    stateful_step_count=20,
    phases=PHASES,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

LEASES = ("heartbeat", "intend", "expire", "rescue")
ENDINGS = ("succeed", "succeed_with_follower", "give_up", "try_again", "throttle", "drain", "obey")
WHICH = st.integers(0, 2)

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Street(RuleBasedStateMachine):
    """What may happen to one request, in any order. Hypothesis is not asynchronous, so it walks in a thread of its own."""

    run: Run
    db: PlainConnection
    pair: SideBySide

    @initialize(jobs=st.integers(1, 2))
    def submit(self, jobs: int) -> None:
        self.undo = self.db.transaction()
        self.run(self.undo.start())
        self.pair = self.run(begin(self.db, *map(say, range(jobs))))

    @rule(step=st.sampled_from(("claim", "pass_time")))
    def move_on(self, step: str) -> None:
        self.take(step)

    @precondition(lambda self: self.pair.model.running)
    @rule(step=st.sampled_from(LEASES), which=WHICH)
    def hold(self, step: str, which: int) -> None:
        self.take(step, which)

    @precondition(lambda self: self.pair.model.running)
    @rule(step=st.sampled_from(ENDINGS), which=WHICH)
    def end(self, step: str, which: int) -> None:
        self.take(step, which)

    @precondition(lambda self: self.pair.model.counts[2])
    @rule()
    def retry(self) -> None:
        self.take("retry")

    @precondition(lambda self: self.pair.model.running)
    @rule()
    def cancel(self) -> None:
        self.take("cancel")

    @precondition(lambda self: len(self.pair.model.told) > 4)
    @rule(step=st.sampled_from(("stop", "overdue")))
    def cut_short(self, step: str) -> None:
        self.take(step)

    def take(self, step: str, which: int = 0) -> None:
        self.run(self.pair.take(step, which))

    @invariant()
    def agree(self) -> None:
        self.run(self.pair.agree())

    def teardown(self) -> None:
        self.run(self.pair.can_end())
        self.run(self.undo.rollback())


async def test_postgres_and_the_model_never_part(connection: PlainConnection) -> None:
    loop = asyncio.get_running_loop()

    class OnThisLoop(Street):
        db = connection

        @staticmethod
        def run(steps: Coroutine[Any, Any, Any]) -> Any:
            return asyncio.run_coroutine_threadsafe(steps, loop).result(30)

    await asyncio.to_thread(run_state_machine_as_test, OnThisLoop, settings=PROFILE)
