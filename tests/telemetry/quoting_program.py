"""Told to a log and to spans in every way there is: errors that real libraries throw and that quote what they were given.

Run with the URL of a database; the log is on stderr, spans go to the collector of the environment."""

import asyncio
import gc
import logging
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal

import aiohttp
import asyncpg
import httpx
import msgspec
from aiobotocore.session import get_session

from core.db.pool import make_pool
from telemetry.logs import get_log, log_crash
from telemetry.start import start_telemetry
from telemetry.trace import span

MARK = "wisteria-8801"
LINK = f"http://127.0.0.1:1/media/{MARK}?X-Amz-Signature={MARK}"


class Ask(msgspec.Struct):
    season: Literal["autumn"]


async def asyncpg_quotes_a_value(url: str) -> None:
    pool = await make_pool(url)
    try:
        await pool.fetch("SELECT $1::int", MARK)
    finally:
        await pool.close()


async def postgres_quotes_a_row(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"SELECT '{MARK}'::int")
    finally:
        await connection.close()


async def botocore_quotes_a_parameter(_: str) -> None:
    keys: Any = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    wrong: Any = ["autumn", MARK]
    async with get_session().create_client("polly", region_name="us-east-1", **keys) as client:
        await client.synthesize_speech(Text=wrong, VoiceId="Kazuha", OutputFormat="mp3")


async def msgspec_quotes_a_word(_: str) -> None:
    msgspec.convert({"season": MARK}, Ask)


async def aiohttp_quotes_a_link(_: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(LINK.replace("http:", "nothing:")):
        """It never comes to this."""


async def httpx_quotes_a_link(_: str) -> None:
    httpx.Response(403, request=httpx.Request("GET", LINK)).raise_for_status()


async def python_quotes_bytes(_: str) -> None:
    (MARK.encode() + b"\xff").decode()


async def python_quotes_a_key(_: str) -> None:
    {"autumn": 1}[MARK]


async def several_at_once(url: str) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(python_quotes_a_key(url))
        group.create_task(msgspec_quotes_a_word(url))


THROWING: tuple[Callable[[str], Awaitable[None]], ...] = (
    asyncpg_quotes_a_value,
    postgres_quotes_a_row,
    botocore_quotes_a_parameter,
    msgspec_quotes_a_word,
    aiohttp_quotes_a_link,
    httpx_quotes_a_link,
    python_quotes_bytes,
    python_quotes_a_key,
    several_at_once,
)


def tell_everywhere(error: BaseException) -> None:
    """Ours, a library's with the error beside its sentence, in it, and as all of it, with and without a traceback."""
    said = "; ".join(str(each) for each in (error.exceptions if isinstance(error, BaseExceptionGroup) else [error]))
    library = logging.getLogger("a_library")
    get_log("worker").error("job crashed", exc_info=error)
    log_crash("sweeper", RuntimeError(said))
    library.error("it failed: %s", error, exc_info=error)
    # As uvicorn does.
    sentence = "process %d failed"
    library.error(sentence, 7)
    library.error(f"it failed: {said}", exc_info=error)
    library.warning("%(what)s went wrong", {"what": said})
    library.error(said)
    library.error(error)
    library.error(f"{said} after %d seconds", 3, extra={"payload": said}, stack_info=True)
    logging.error(said)  # some libraries do
    warnings.warn(said, stacklevel=1)
    threading.Thread(target=throw, args=(error,)).start()
    sys.excepthook(type(error), error, error.__traceback__)


def throw(error: BaseException) -> None:
    error.add_note(f"beside {MARK}")
    raise RuntimeError(f"about {MARK}") from error


async def leave_alone(url: str, throwing: Callable[[str], Awaitable[None]]) -> None:
    """A task whose error nobody looks at, and a generator that fails while it is thrown away."""
    task = asyncio.ensure_future(throwing(url))
    await asyncio.wait([task])
    del task
    gc.collect()
    asyncio.get_running_loop().call_exception_handler({"message": f"about {MARK}", "exception": ValueError(MARK)})

    async def pieces() -> AsyncIterator[None]:
        try:
            yield
        finally:
            raise ValueError(MARK)

    await anext(pieces())
    gc.collect()


async def main(url: str) -> None:
    # Whatever a library tells, it tells it now.
    telemetry = start_telemetry("worker", "DEBUG")
    for throwing in THROWING:
        try:
            with span("process haiku.compose", "consumer"), span("chat", "client"):
                await throwing(url)
        except Exception as error:  # noqa: BLE001  # whatever it is, it quotes
            tell_everywhere(error)
        else:
            raise AssertionError(f"{throwing.__name__} threw nothing")
        await leave_alone(url, throwing)
    telemetry.shutdown()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]), debug=True)
