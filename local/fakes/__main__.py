"""Start them: `python -m local.fakes --port N`."""

import argparse

import uvicorn

from local.fakes.app import Fakes

GRACE_SECONDS = 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.fakes", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    uvicorn.run(
        Fakes(),
        host="127.0.0.1",
        port=asked.port,
        loop="asyncio",
        http="h11",
        ws="none",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
