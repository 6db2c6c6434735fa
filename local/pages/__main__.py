"""Start it: `python -m local.pages haiku --port N`; settings come from the environment, as for the api."""

import argparse
import os
import signal

import uvloop

from api.app import create_app
from api.main import Server, configure, leave
from core.settings import Settings, read_settings
from local.apps import APPS, App, find_app
from local.clients import WEB
from local.pages.front import Front
from telemetry.start import start_telemetry


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.pages", description=__doc__)
    parser.add_argument("app", choices=[app.name for app in APPS])
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    settings = read_settings(os.environ)
    telemetry = start_telemetry("api", settings.log_level, settings.trace_ratio)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    try:
        uvloop.run(serve(settings, find_app(asked.app), asked.port))
    finally:
        telemetry.shutdown()


async def serve(settings: Settings, app: App, port: int) -> None:
    api = create_app(settings, frozenset({app.name}))
    front = Front(api, app.pages, settings.public_url, settings.issuer, WEB, media_origin(settings))
    await Server(configure(front, settings, "127.0.0.1", port), api.state.stopping).serve()


def media_origin(settings: Settings) -> str:
    """Where signed links lead, when that is not here."""
    if settings.providers == "local":
        return ""
    return settings.media_url or f"https://{settings.media_bucket}.s3.{settings.aws_region}.amazonaws.com"


if __name__ == "__main__":
    main()
