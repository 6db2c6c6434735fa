"""Keep one part alive: whenever it dies it is started again, on the same port, after a growing pause."""

import asyncio
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable

from core.errors import Unavailable
from local.command import where_to_ask
from local.home import Home
from local.logs import last_lines, log_path, note, open_log
from local.part import Part
from local.pids import Alive, end_family, find_alive
from local.state import Running

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0)
"""In seconds, after each fall in a row; then the last."""
STEADY_AFTER = 30.0
READY_WITHIN_SECONDS = 60.0
DEATHS_ALLOWED = 3


Say = Callable[[str], None]


def silence(_: str) -> None:
    """Nobody watches."""


class Keeper:
    """`told` is called after every birth and death, `say` with a sentence about each death nobody asked for."""

    def __init__(self, part: Part, home: Home, told: Callable[[], None], say: Say = silence) -> None:
        self.part = part
        self._home = home
        self._told = told
        self._say = say
        self._stopping = asyncio.Event()
        self._child: Process | None = None
        self._alive: Alive | None = None
        self._born = time.monotonic()
        self._deaths = self._falls = 0
        with open_log(home, part.name) as log:
            self._log_start = log.tell()
        self._task = asyncio.create_task(self._keep(), name=f"keep {part.name}")

    @property
    def running(self) -> Running | None:
        alive, part = self._alive, self.part
        falls = 0 if time.monotonic() - self._born > STEADY_AFTER else self._falls
        return alive and Running(part.name, alive.pid, part.port, alive.started, part.death, part.health, falls)

    @property
    def is_missing(self) -> bool:
        """Nobody told it to stop, and it does not live."""
        return self._alive is None and not self._stopping.is_set()

    async def ready(self) -> None:
        """Raises Unavailable, with the end of the log, when it keeps dying or takes a minute."""
        give_up_at = asyncio.get_running_loop().time() + READY_WITHIN_SECONDS
        while asyncio.get_running_loop().time() < give_up_at and self._deaths < DEATHS_ALLOWED:
            if self._alive is not None and await self.part.ready(self._alive.pid):
                return
            await asyncio.sleep(0.02)
        raise Unavailable(self._complaint())

    async def stop(self, grace_seconds: float) -> None:
        """Ask, wait, then insist; the whole family goes."""
        self._stopping.set()
        self._signal(self.part.stop)
        done, _ = await asyncio.wait({self._task}, timeout=grace_seconds)
        if not done:
            self._signal(signal.SIGKILL)
        # Shielded: whoever waits for the end may be told not to, the end itself must come.
        await asyncio.shield(self._task)

    async def _keep(self) -> None:
        while not self._stopping.is_set():
            lasted = await self._live_once()
            self._deaths += 1
            self._falls = 1 if lasted > STEADY_AFTER else self._falls + 1
            await self._rest(PAUSES[min(self._falls, len(PAUSES)) - 1])

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _live_once(self) -> float:
        """From birth to death; returns how long that was, in seconds."""
        self._born = time.monotonic()
        try:
            self._child = await self._start()
        except OSError as error:
            # No disk for the log or no room for another program: as good as dead, and worth another try.
            self._note(f"{self.part.label} could not be started: {error}")
            return 0.0
        self._alive = find_alive(self._child.pid)
        self._told()
        if self._stopping.is_set():
            self._signal(self.part.stop)
        await self._child.wait()
        if self._alive is not None:
            end_family(self._alive.pid, self._alive.started)
        sentence = f"{self.part.label} ended ({_how(self._child)}) and is started again."
        self._child = self._alive = None
        self._told()
        if not self._stopping.is_set():
            self._note(sentence)
            self._say(sentence)
        return time.monotonic() - self._born

    async def _start(self) -> Process:
        """In a session of its own, so that Ctrl-C in the terminal reaches the supervisor only, and a family ends as one."""
        # Whoever throws a part's data away may take the folder too.
        self.part.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_log(self._home, self.part.name) as log:
            return await asyncio.create_subprocess_exec(
                *self.part.leashed,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                cwd=self.part.folder,
                env=dict(self.part.environment) or None,
                start_new_session=True,
            )

    def _signal(self, signum: signal.Signals) -> None:
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(signum)

    def _note(self, sentence: str) -> None:
        """Where a reader of the part's log wonders why it begins anew."""
        note(self._home, self.part.name, sentence)

    def _complaint(self) -> str:
        path = log_path(self._home, self.part.name)
        end = last_lines(path, self._log_start)
        return f"{self.part.label} did not become ready. Its log, {path}, ends with:\n{end}\n{where_to_ask(self._home)}"


def _how(child: Process) -> str:
    code = child.returncode or 0
    return signal.strsignal(-code) or f"signal {-code}" if code < 0 else f"exit code {code}"
