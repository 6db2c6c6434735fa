"""Run a part to its end."""

import asyncio
from asyncio.subprocess import DEVNULL, STDOUT

from core.errors import Unavailable
from local.command import where_to_ask
from local.home import Home
from local.logs import last_lines, log_path, open_log
from local.part import Part

SECONDS = 60.0


async def run_once(part: Part, home: Home) -> None:
    """Raises Unavailable with the end of its log when it fails or takes longer than a minute."""
    with open_log(home, part.name) as log:
        start = log.tell()
        child = await asyncio.create_subprocess_exec(
            *part.leashed,
            stdin=DEVNULL,
            stdout=log,
            stderr=STDOUT,
            cwd=part.folder,
            env=dict(part.environment) or None,
            start_new_session=True,
        )
    if await _result(child) != 0:
        path = log_path(home, part.name)
        end = last_lines(path, start)
        raise Unavailable(f"{part.label} failed. Its log, {path}, ends with:\n{end}\n{where_to_ask(home)}")


async def _result(child: asyncio.subprocess.Process) -> int | None:
    try:
        async with asyncio.timeout(SECONDS):
            return await child.wait()
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
