"""One synthesis a deployment and run of the suite, however many processes test it."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return Assembly(synthesised(tmp_path_factory, "prod"))


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return Assembly(synthesised(tmp_path_factory, "dev", "--unjudged"))


def synthesised(tmp_path_factory: pytest.TempPathFactory, deployment: str, *options: str) -> Path:
    """Whoever comes first does the work, and the others wait for it."""
    here = tmp_path_factory.getbasetemp()
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    folder, done = shared / deployment, shared / f"{deployment}.done"
    with alone(shared / f"{deployment}.lock"):
        if not done.exists():
            command = [sys.executable, "-m", "infra_cdk.app", deployment, "--out", str(folder), *options]
            told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert told.returncode == 0, told.stdout + told.stderr
            done.touch()
    return folder


@contextmanager
def alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs the first synthesis waits for it, on a busy machine for minutes."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(400))
