"""Serve a small app of this machine on loopback."""

from typing import Any

import uvicorn

from telemetry.logs import start_logs

GRACE_SECONDS = 2

KEPT_SECONDS = 20
"""An idle connection: longer than clients of Amazon's keep theirs (12), or one would be closed as its next request leaves."""


def serve(app: Any, name: str, port: int) -> None:
    """Until told to stop; logs under `name`. Plain asyncio and h11: nobody is in a hurry here, and they are half the memory."""
    start_logs("INFO", name)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEPT_SECONDS,
    )
