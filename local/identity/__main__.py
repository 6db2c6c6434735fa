"""Start it: `python -m local.identity --home DIR --port N`."""

import argparse
from pathlib import Path

from local.home import Home
from local.identity.app import create_app
from local.loopback import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.identity", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    serve(create_app(Home(asked.home), f"http://127.0.0.1:{asked.port}"), "identity", asked.port)


if __name__ == "__main__":
    main()
