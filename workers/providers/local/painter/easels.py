"""Painting processes that come with the first picture and leave when there is nothing to paint."""

import asyncio
import os
import struct
import sys
from asyncio.subprocess import PIPE, Process
from datetime import timedelta
from typing import cast

import msgspec

from core.contracts.image import Paint
from core.errors import TryAgain

HAND = "workers.providers.local.painter.hand"
"""The module a painting process runs. It ends when its input does, so it outlives no parent by more than a picture."""

LENGTH = struct.Struct("!I")
"""What stands before each ask and each picture on the pipe: its length in bytes."""


class Easels:
    """At most `most` painting processes; each leaves after `idle` without a picture."""

    def __init__(self, most: int, idle: timedelta) -> None:
        self._most, self._idle = most, idle
        self._places = asyncio.Semaphore(most)
        self._free: list[Process] = []
        self._known: set[Process] = set()
        self._leaving: dict[Process, asyncio.TimerHandle] = {}

    async def paint(self, ask: Paint) -> bytes:
        """The PNG. A process that dies, or whose picture nobody waits for any more, is replaced by the next ask."""
        async with self._places:
            hand = await self._take()
            try:
                png = await _converse(hand, msgspec.msgpack.encode(ask))
            except BaseException:
                _end(hand)
                raise
            self._rest(hand)
            return png

    async def close(self) -> None:
        for _ in range(self._most):
            await self._places.acquire()
        for hand in self._free:
            self._leaving.pop(hand).cancel()
            _let_go(hand)
        self._free.clear()
        await asyncio.gather(*(hand.wait() for hand in self._known))
        self._known.clear()
        for _ in range(self._most):
            self._places.release()

    async def _take(self) -> Process:
        self._known = {hand for hand in self._known if hand.returncode is None}
        while self._free:
            hand = self._free.pop()
            self._leaving.pop(hand).cancel()
            if hand.returncode is None:
                return hand
        hand = await asyncio.create_subprocess_exec(
            sys.executable, "-m", HAND, stdin=PIPE, stdout=PIPE, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        )
        self._known.add(hand)
        return hand

    def _rest(self, hand: Process) -> None:
        self._free.append(hand)
        self._leaving[hand] = asyncio.get_running_loop().call_later(self._idle.total_seconds(), self._leave, hand)

    def _leave(self, hand: Process) -> None:
        self._free.remove(hand)
        del self._leaving[hand]
        _let_go(hand)


async def _converse(hand: Process, ask: bytes) -> bytes:
    to_hand, from_hand = cast("asyncio.StreamWriter", hand.stdin), cast("asyncio.StreamReader", hand.stdout)
    try:
        to_hand.write(LENGTH.pack(len(ask)) + ask)
        await to_hand.drain()
        (length,) = LENGTH.unpack(await from_hand.readexactly(LENGTH.size))
        return await from_hand.readexactly(length)
    except (OSError, asyncio.IncompleteReadError) as error:
        raise TryAgain("The painting process ended before its picture was done.") from error


def _let_go(hand: Process) -> None:
    """Close its input: it reads the end and goes home."""
    cast("asyncio.StreamWriter", hand.stdin).close()


def _end(hand: Process) -> None:
    if hand.returncode is None:
        hand.kill()
    _let_go(hand)
