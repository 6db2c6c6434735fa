"""Takes spans by OTLP over HTTP (protobuf), lists traces, shows one; `/api/traces` tells the same as JSON."""

from typing import Any

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.datastructures import State
from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from litestar.types import Scope
from msgspec import Struct

from core.errors import Invalid, TooLarge
from local.traces.page import list_page, missing_page, trace_page
from local.traces.received import Span, read_spans
from local.traces.store import Store
from local.traces.unpack import unpack
from telemetry.logs import get_log

PROTOBUF = "application/x-protobuf"
LISTED = 100
BODY_MAX_BYTES = 16 * 1024 * 1024

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = get_log("traces")


class Told(Struct, frozen=True):
    """A trace as JSON: its spans, parents before children."""

    id: str
    name: str
    seconds: float
    spans: list[Span]


class Found(Struct, frozen=True):
    """What was looked for, newest first."""

    items: list[Told]


def create_app(store: Store, port: int) -> Litestar:
    return Litestar(
        [take_spans, take_numbers, show_list, show_trace, tell_traces],
        dependencies={"store": Provide(lambda: store, sync_to_thread=False)},
        exception_handlers={Invalid: refuse, TooLarge: refuse},
        # As for the sign-in page: a page elsewhere whose name points here is turned away by the name it uses.
        allowed_hosts=AllowedHostsConfig([f"{host}:{port}" for host in ("127.0.0.1", "localhost")]),
        openapi_config=None,
        logging_config=None,
        after_exception=[tell_crash],
        request_max_body_size=BODY_MAX_BYTES,
    )


@post("/v1/traces", status_code=200)
async def take_spans(request: Request[Any, Any, State], store: Given[Store]) -> Response[bytes]:
    store.add(read_spans(await _body(request)))
    return Response(b"", media_type=PROTOBUF)


@post("/v1/metrics", status_code=200)
async def take_numbers(request: Request[Any, Any, State]) -> Response[bytes]:
    """Taken and not shown: whoever tells them must not think that nobody listens."""
    await _body(request)
    return Response(b"", media_type=PROTOBUF)


@get("/", sync_to_thread=False)
def show_list(store: Given[Store], find: FromQuery[str] = "", everything: FromQuery[bool] = False) -> Response[str]:
    return _page(list_page(store.find(find, LISTED, also_reads=everything), find, everything=everything))


@get("/traces/{trace_id:str}", sync_to_thread=False)
def show_trace(trace_id: FromPath[str], store: Given[Store]) -> Response[str]:
    trace = store.get(trace_id)
    return _page(trace_page(trace)) if trace else _page(missing_page(), 404)


@get("/api/traces", sync_to_thread=False)
def tell_traces(store: Given[Store], find: FromQuery[str] = "") -> Found:
    found = store.find(find, LISTED, also_reads=True)
    return Found([Told(trace.id, trace.first.name, trace.seconds, [span for _, span in trace.tree()]) for trace in found])


def refuse(_: Request[Any, Any, State], error: Invalid | TooLarge) -> Response[dict[str, str]]:
    return Response({"detail": error.message}, status_code=413 if isinstance(error, TooLarge) else 400)


def tell_crash(error: Exception, _: Scope) -> None:
    if not isinstance(error, Invalid | TooLarge | HTTPException):
        log.error("request crashed", exc_info=error)


async def _body(request: Request[Any, Any, State]) -> bytes:
    """Only what says it is protobuf: no page elsewhere can send that here without asking first. Raises Invalid."""
    if request.headers.get("content-type", "").partition(";")[0] != PROTOBUF:
        raise Invalid(f"Spans are taken as {PROTOBUF}.")
    body = await request.body()
    return unpack(body, BODY_MAX_BYTES) if request.headers.get("content-encoding") == "gzip" else body


def _page(html: str, status: int = 200) -> Response[str]:
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=HEADERS)
