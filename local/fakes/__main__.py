"""Start them: `python -m local.fakes --port N`."""

import argparse

from local.fakes.app import Fakes
from local.loopback import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.fakes", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    serve(Fakes(), "fakes", parser.parse_args().port)


if __name__ == "__main__":
    main()
