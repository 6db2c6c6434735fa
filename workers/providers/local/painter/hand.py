"""The painting process: reads asks from its input, writes pictures to its output, leaves when its input ends."""

import signal
import sys
from typing import BinaryIO

import msgspec

from core.contracts.image import Paint
from workers.providers.local.painter.compose import picture
from workers.providers.local.painter.easels import LENGTH


def main(asks: BinaryIO, pictures: BinaryIO) -> None:
    # Ctrl-C reaches the whole group; the parent decides when its painters stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while head := asks.read(LENGTH.size):
        ask = msgspec.msgpack.decode(asks.read(LENGTH.unpack(head)[0]), type=Paint)
        png = picture(ask)
        pictures.write(LENGTH.pack(len(png)) + png)
        pictures.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
