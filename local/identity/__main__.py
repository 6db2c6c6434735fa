"""Start it: `python -m local.identity --home DIR --port N`."""

import argparse
from pathlib import Path

import uvicorn

from local.home import Home
from local.identity.app import create_app
from telemetry.logs import start_logs

GRACE_SECONDS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.identity", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    start_logs("INFO", "identity")
    uvicorn.run(
        create_app(Home(asked.home), f"http://127.0.0.1:{asked.port}"),
        host="127.0.0.1",
        port=asked.port,
        # Plain asyncio and h11: nobody is in a hurry here, and they are half the memory.
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
