"""Start it: `python -m local.traces --port N`."""

import argparse

from local.loopback import serve
from local.traces.app import create_app
from local.traces.store import Store


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.traces", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    serve(create_app(Store(), port), "traces", port)


if __name__ == "__main__":
    main()
