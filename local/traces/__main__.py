"""Start it: `python -m local.traces --port N`."""

import argparse

import uvicorn

from local.traces.app import create_app
from local.traces.store import Store
from telemetry.logs import start_logs


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.traces", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    start_logs("INFO", "traces")
    uvicorn.run(
        create_app(Store(), asked.port),
        host="127.0.0.1",
        port=asked.port,
        # As for the sign-in page: half the memory, and nobody is in a hurry.
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
