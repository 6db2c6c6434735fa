"""Start the api: `python -m api.main --port 8000 [--host 127.0.0.1] [--products haiku]`."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import uvicorn
import uvloop
from litestar.types import ASGIApp

from api.app import PRODUCTS, create_app
from api.handshake import Handshake
from core.errors import Invalid
from core.settings import Settings, read_settings
from telemetry.start import start_telemetry


class Server(uvicorn.Server):
    """uvicorn that says early that it stops: its own shutdown begins only after the last stream has closed."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Waiters wake at the loop's next turn, which uvicorn's own tick brings within 0.1 s.
        self._stopping.set()
        super().handle_exit(sig, frame)


def main(arguments: Sequence[str]) -> int:
    asked = read_arguments(arguments)
    try:
        settings = read_settings(os.environ)
    except Invalid as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    telemetry = start_telemetry("api", settings.log_level, settings.trace_ratio)
    # uvicorn raises the signal again once it has stopped; the default would kill us before the last spans are sent.
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    try:
        uvloop.run(serve(settings, frozenset(asked.products.split(",")), asked.host, asked.port))
    finally:
        telemetry.shutdown()
    return 0


async def serve(settings: Settings, products: frozenset[str], host: str, port: int) -> None:
    # Inside the loop, because a pool of asyncpg belongs to the loop it was made in.
    app = create_app(settings, products)
    await Server(configure(app, settings, host, port), app.state.stopping).serve()


def configure(app: ASGIApp, settings: Settings, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        # Bodies that trickle in are cut by `body_seconds`; against headers that do, uvicorn has nothing: that is for the
        # balancer in front.
        http="httptools",
        ws=Handshake,
        ws_max_size=settings.body_max_bytes,
        # Events are short, and every compressor holds memory for as long as its socket is open.
        ws_per_message_deflate=False,
        lifespan="on",
        timeout_graceful_shutdown=settings.grace_seconds,
        access_log=False,
        server_header=False,
        log_config=None,
    )


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.main", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--products", default=",".join(PRODUCTS), type=_products)
    return parser.parse_args(arguments)


def _products(given: str) -> str:
    if unknown := set(given.split(",")) - set(PRODUCTS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return given


def leave(sig: int, _: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
