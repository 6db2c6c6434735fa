"""Platforms of small parts in a test's own process, and what is recorded of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from core.scaling import Rule
from local.crew import Look, Workforce
from local.home import Home
from local.layout import Layout
from local.part import Part
from local.ports import Ports
from local.state import Running, State, find_state
from local.supervisor import LayOut
from tests.local.small_parts import part

MIGRATIONS = part("migrations", "pass")


def platform_of(*programs: Part, services: Sequence[Part] = (), migrations: Part = MIGRATIONS) -> LayOut:
    async def lay_out(_: Home, __: Ports) -> Layout:
        return Layout(tuple(services), migrations, programs)

    return lay_out


@asynccontextmanager
async def blind() -> AsyncIterator[Look]:
    async def look() -> None:
        return None

    yield look


def crew_of(
    make: Callable[[int], Part],
    rule: Rule,
    grace_seconds: float,
    looking: Callable[[], AbstractAsyncContextManager[Look]] = blind,
) -> LayOut:
    async def lay_out(_: Home, __: Ports) -> Layout:
        return Layout((), MIGRATIONS, (), Workforce(make, rule, looking, grace_seconds))

    return lay_out


def silence(_: str, __: float) -> None:
    """Nobody listens."""


async def never(_: int) -> bool:
    return False


def recorded(home: Home) -> State:
    state = find_state(home)
    assert state is not None
    return state


def named(home: Home, name: str) -> Running:
    return next(one for one in recorded(home).parts if one.name == name)
