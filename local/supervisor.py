"""Run a platform from first to last: start its parts in order, keep them alive, stop them in order, leave nobody behind."""

import asyncio
import contextlib
import os
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

from core.keep import alongside
from local.claim import claimed
from local.crew import Crew
from local.guard import guarded
from local.home import Home, write_whole
from local.keeper import Keeper, Say, silence
from local.keyring import refuse_flaws
from local.layout import Layout
from local.leftovers import end_leftovers
from local.logs import note
from local.part import Part
from local.pids import find_alive
from local.ports import Ports, choose_ports
from local.run_once import run_once
from local.state import State, forget_state, write_state

# Workers bring their own: they finish or hand back their jobs first, while the services still answer them.
PROGRAMS_GRACE_SECONDS = 6.0
SERVICES_GRACE_SECONDS = 3.0

RECORD_EVERY_SECONDS = 2.0

LayOut = Callable[[Home, Ports], Awaitable[Layout]]
Tell = Callable[[str, float], None]
"""Called with a part's label and the seconds it took, as each becomes ready."""


class Platform:
    """What runs. Every change of it is recorded in the home."""

    def __init__(self, home: Home, ports: Ports, say: Say) -> None:
        self.home = home
        self._say = say
        self.ports = ports
        self._services: list[Keeper] = []
        self._programs: list[Keeper] = []
        self._crew: Crew | None = None
        me = find_alive(os.getpid())
        self._started = me.started if me else ""

    def record(self) -> None:
        """Changes nothing when the disk is full: the platform outlives that, and the next change is recorded again."""
        keepers, ports = (*self._services, *self._working), self.ports
        parts = tuple(keeper.running for keeper in keepers if keeper.running)
        missing = tuple(keeper.part.name for keeper in keepers if keeper.is_missing)
        most = self._crew.most if self._crew else 0
        state = State(os.getpid(), self._started, ports.api_url, ports.issuer, parts, missing, self._grace_seconds, most)
        with contextlib.suppress(OSError):
            write_state(self.home, state)

    async def start(self, layout: Layout, tell: Tell) -> None:
        """Raises Unavailable naming the part that would not start."""
        self._services += [self._keeper(part) for part in layout.services]
        await _all_ready(self._services, tell)
        await _timed(layout.migrations.label, run_once(layout.migrations, self.home), tell)
        self._programs += [self._keeper(part) for part in layout.programs]
        self._crew = Crew(layout.workers, self.home, self.record, self._say) if layout.workers else None
        await _all_ready(self._working, tell)
        # Nobody may have been born since there is a crew.
        self.record()

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """What goes on for as long as it runs; a loop that crashes is told in the log of the supervisor and begun again."""
        async with contextlib.AsyncExitStack() as loops:
            await loops.enter_async_context(alongside("the record", self._keep_recording, self._crashed))
            if self._crew and self._crew.varies:
                await loops.enter_async_context(alongside("the number of workers", self._crew.keep_size, self._crashed))
            yield

    async def stop(self) -> None:
        leaving = [_stop_all(self._programs, PROGRAMS_GRACE_SECONDS)]
        if self._crew:
            leaving.append(self._crew.stop())
        await asyncio.gather(*leaving)
        await _stop_all(self._services, SERVICES_GRACE_SECONDS)
        forget_state(self.home)

    def _keeper(self, part: Part) -> Keeper:
        return Keeper(part, self.home, self.record, self._say)

    async def _keep_recording(self) -> None:
        """A record that somebody deletes or damages would hide what runs."""
        while True:
            await asyncio.sleep(RECORD_EVERY_SECONDS)
            self.record()

    def _crashed(self, loop: str, error: Exception) -> None:
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        # What and where, but not what it says: that could quote anybody.
        places = "".join(traceback.format_tb(error.__traceback__))
        note(self.home, "supervisor", f"{loop} crashed ({type(error).__name__}) and is begun again.\n{places}")

    @property
    def _grace_seconds(self) -> float:
        """How long stopping may take."""
        return max(PROGRAMS_GRACE_SECONDS, self._crew.grace_seconds if self._crew else 0) + SERVICES_GRACE_SECONDS

    @property
    def _working(self) -> list[Keeper]:
        return [*self._programs, *(self._crew.keepers if self._crew else ())]


@contextlib.asynccontextmanager
async def running(home: Home, base_port: int, lay_out: LayOut, tell: Tell, say: Say = silence) -> AsyncIterator[Platform]:
    """A platform for as long as the block lasts; `say` hears of who died and is started again.

    Raises Conflict when one runs here or a port is taken.
    """
    home.make()
    refuse_flaws(home)
    async with claimed(home):
        await asyncio.to_thread(end_leftovers, home)
        platform = Platform(home, choose_ports(base_port), say)
        platform.record()
        write_whole(home.issuer, platform.ports.issuer.encode())
        with guarded(home):
            try:
                await platform.start(await lay_out(home, platform.ports), tell)
                async with platform.kept():
                    yield platform
            finally:
                await _to_the_end(platform.stop())


async def _all_ready(keepers: Sequence[Keeper], tell: Tell) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for keeper in keepers:
                group.create_task(_timed(keeper.part.label, keeper.ready(), tell))
    except ExceptionGroup as failures:
        # One part's reason is enough: the others were only told to wait no longer.
        raise failures.exceptions[0] from None


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """However impatient whoever cancels us is, nobody is left behind."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    finally:
        await task


async def _timed(label: str, work: Awaitable[None], tell: Tell) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    await work
    tell(label, clock() - began)


async def _stop_all(keepers: Sequence[Keeper], grace_seconds: float) -> None:
    await asyncio.gather(*(keeper.stop(grace_seconds) for keeper in keepers))
