"""As many workers as there is work for: more at once, fewer after a calm, and whoever leaves finishes its jobs first."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from core.scaling import Fleet, Load, Rule, next_fleet
from local.home import Home
from local.keeper import Keeper, Say, silence
from local.part import Part

Look = Callable[[], Awaitable[Load | None]]
"""How full the queues are; None while nobody can tell, and then nothing changes."""


@dataclass(frozen=True)
class Workforce:
    """`make` gives the worker of a number, from 1 on; one that leaves gets `grace_seconds` before it is made to."""

    make: Callable[[int], Part]
    rule: Rule
    looking: Callable[[], AbstractAsyncContextManager[Look]]
    grace_seconds: float
    look_every_seconds: float = 1.0


class Crew:
    """The workers of a platform. `told` is called whenever one comes or goes, `say` when one dies."""

    def __init__(self, force: Workforce, home: Home, told: Callable[[], None], say: Say = silence) -> None:
        self._force = force
        self._home = home
        self._told = told
        self._say = say
        self._staying: dict[int, Keeper] = {}
        self._leaving: dict[int, Keeper] = {}
        self._grow_to(force.rule.least)

    @property
    def grace_seconds(self) -> float:
        return self._force.grace_seconds

    @property
    def most(self) -> int:
        return self._force.rule.most

    @property
    def varies(self) -> bool:
        return self._force.rule.least < self._force.rule.most

    @property
    def keepers(self) -> list[Keeper]:
        """By number; also of those that are still finishing their jobs."""
        return [keeper for _, keeper in sorted((self._staying | self._leaving).items())]

    async def keep_size(self) -> None:
        """Until cancelled. Whoever is leaving then goes on leaving, and is seen off when this is begun again."""
        fleet = Fleet(len(self._staying))
        async with self._force.looking() as look, asyncio.TaskGroup() as farewells:
            for number in self._leaving:
                farewells.create_task(self._see_off(number))
            while True:
                await asyncio.sleep(self._force.look_every_seconds)
                if (load := await look()) is None:
                    continue
                fleet = next_fleet(load, self._force.rule, fleet, time.monotonic())
                self._grow_to(fleet.workers)
                while len(self._staying) > fleet.workers:
                    farewells.create_task(self._see_off(self._next_to_leave()))

    async def stop(self) -> None:
        """Everybody, with the time a worker may take to finish its jobs or hand them back."""
        await asyncio.gather(*(keeper.stop(self.grace_seconds) for keeper in self.keepers))

    def _grow_to(self, workers: int) -> None:
        while len(self._staying) < workers:
            number = self._lowest_free()
            self._staying[number] = Keeper(self._force.make(number), self._home, self._told, self._say)

    def _lowest_free(self) -> int:
        taken = self._staying.keys() | self._leaving.keys()
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def _next_to_leave(self) -> int:
        number = max(self._staying)
        self._leaving[number] = self._staying.pop(number)
        return number

    async def _see_off(self, number: int) -> None:
        keeper = self._leaving[number]
        await keeper.stop(self.grace_seconds)
        del self._leaving[number]
        self._told()
