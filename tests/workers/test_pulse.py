"""A worker shows that it lives, and the check of its container believes it no longer than it should."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from tests.until import until
from tests.workers.scripted import Script
from tests.workers.test_main import working
from workers.parts import Parts
from workers.pulse import LATE_SECONDS


def check(file: Path) -> int:
    """What a container's health check runs."""
    environment = os.environ | {"KOTONOHA_PULSE_FILE": str(file)}
    return subprocess.run([sys.executable, "-m", "workers.pulse"], env=environment, check=False).returncode


async def test_a_worker_that_works_has_a_pulse(parts: Parts, script: Script, tmp_path: Path) -> None:
    file = tmp_path / "pulse"
    assert check(file) == 1

    async def beats() -> bool:
        return file.exists()

    async with working(msgspec.structs.replace(parts.settings, pulse_file=file), script) as stop:
        await until(beats)
        assert check(file) == 0
        await stop()


async def test_a_worker_whose_loop_stands_still_has_none(tmp_path: Path) -> None:
    file = tmp_path / "pulse"
    program = "import asyncio, sys; from pathlib import Path; from workers.pulse import keep_beating; "
    beating = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program + f"asyncio.run(keep_beating(Path({str(file)!r})))"
    )

    async def beats() -> bool:
        return file.exists()

    try:
        await until(beats)
        beating.send_signal(signal.SIGSTOP)
        late = time.time() - LATE_SECONDS - 1
        os.utime(file, (late, late))
        stands_still = check(file)
        beating.send_signal(signal.SIGCONT)

        async def goes_on() -> bool:
            return check(file) == 0

        await until(goes_on)
    finally:
        beating.kill()
        await beating.wait()

    assert stands_still == 1
