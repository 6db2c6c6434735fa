"""Spans and numbers leave a process when there is somebody to send them to, and not otherwise."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

SCRIPT = """
from telemetry.metrics import open_board
from telemetry.start import start_telemetry
from telemetry.trace import span
telemetry = start_telemetry("test")
board = open_board()
board.show_queue("text", 12, 4, 3.5, 1, 2)
with span("process haiku.compose", "consumer"):
    pass
telemetry.shutdown()
"""


@contextlib.contextmanager
def collecting() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A collector that only remembers what came, by path."""
    came: dict[str, bytes] = {}

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quietly."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", came
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def dumb() -> Iterator[str]:
    """Somebody who takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def nobody() -> str:
    """Where nobody listens."""
    with dumb() as url:
        return url


def run(**environment: str) -> str:
    """Raises TimeoutExpired when it does not end: an exporter left alone waits for half a minute."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=usual | {"NO_PROXY": "127.0.0.1", "OTEL_EXPORTER_OTLP_COMPRESSION": "none"} | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout + done.stderr


def test_a_collector_gets_spans_and_numbers() -> None:
    with collecting() as (url, came):
        said = run(OTEL_EXPORTER_OTLP_ENDPOINT=url)

    assert said == ""
    assert came.keys() == {"/v1/traces", "/v1/metrics"}
    assert b"kotonoha.queue.oldest_age" in came["/v1/metrics"]
    assert b"kotonoha-test" in came["/v1/metrics"]


def test_without_a_collector_nothing_leaves_and_nothing_is_said() -> None:
    with collecting() as (_, came):
        said = run()

    assert (said, came) == ("", {})


def test_a_collector_that_never_answers_does_not_hold_the_process() -> None:
    with dumb() as url:
        (line,) = run(OTEL_EXPORTER_OTLP_ENDPOINT=url).splitlines()

    assert json.loads(line)["event"] == "telemetry lost"
    assert json.loads(line)["cut_short"] is True


def test_what_nobody_takes_is_counted_and_told_once() -> None:
    # An exporter gives up at once when there is no time for a second try.
    (line,) = run(OTEL_EXPORTER_OTLP_ENDPOINT=nobody(), OTEL_EXPORTER_OTLP_TIMEOUT="0.1").splitlines()

    assert {name: json.loads(line)[name] for name in ("event", "traces", "metrics")} == {
        "event": "telemetry lost",
        "traces": 1,
        "metrics": 1,
    }
