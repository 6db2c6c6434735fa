"""The `kotonoha` command and a platform of its own, as a person would use them."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx


class Kotonoha:
    """What runs in one home; `api` is known once `up` has returned."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.lines: list[dict[str, Any]] = []
        self._up: subprocess.Popen[str] | None = None

    @property
    def api(self) -> str:
        return str(self.lines[-1]["api"])

    @property
    def pid(self) -> int:
        assert self._up is not None
        return self._up.pid

    def up(self, *arguments: str) -> None:
        command = [*self._command("up"), "--port", "0", "--no-frontends", "--json", *arguments]
        self._up = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._up.stdout is not None
        self.lines.append(json.loads(self._up.stdout.readline()))

    def wait(self) -> tuple[int, str]:
        """The exit code, and what it still wrote to stdout."""
        assert self._up is not None
        rest, _ = self._up.communicate(timeout=60)
        return self._up.returncode, rest

    def stop(self) -> None:
        if self._up is not None and self._up.poll() is None:
            self._up.terminate()
            self.wait()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self._command(*arguments), capture_output=True, text=True, check=False, timeout=100)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(self._command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def parts(self) -> dict[str, dict[str, Any]]:
        return {part["name"]: part for part in json.loads(self.run("status", "--json").stdout)}

    @contextlib.contextmanager
    def calling(self, *token: str) -> Iterator[httpx.Client]:
        headers = {"Authorization": f"Bearer {self.run('token', *token).stdout.strip()}"}
        with httpx.Client(base_url=self.api, headers=headers, trust_env=False) as http:
            yield http

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "local.cli", *arguments, "--home", str(self.home)]
