"""Start it: `python -m local.fakes.s3 --port N --folder DIR`."""

import argparse
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from local.fakes.credentials import BUCKET
from local.fakes.s3.keeping import Keeping
from local.fakes.s3.shelf import Shelf


class Quiet(WSGIRequestHandler):
    """Links are signed, and have no place in a log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.fakes.s3", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    bucket = Keeping(DomainDispatcherApplication(create_backend_app), BUCKET, Shelf(asked.folder))
    make_server("127.0.0.1", asked.port, bucket, threaded=True, request_handler=Quiet).serve_forever()


if __name__ == "__main__":
    main()
