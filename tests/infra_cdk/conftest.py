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
from tests.infra_cdk.deployed import Account, deploy
from tests.infra_cdk.emulator import emulating

UNWARNED = os.environ | {"CDK_VALIDATION": "false"}
"""Without the rules the CDK brings along, half of the work: they only warn, nobody reads it here, and cfn-lint judges what comes
out by the same schemas."""


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return synthesised(tmp_path_factory, "prod", "infra_cdk.app", "prod", "--out")


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return synthesised(tmp_path_factory, "dev", "infra_cdk.app", "dev", "--out")


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return synthesised(tmp_path_factory, "changed", "tests.infra_cdk.changed")


@pytest.fixture(scope="module")
def account(prod: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with emulating(tmp_path_factory.mktemp("emulator") / "log") as emulator:
        yield deploy(emulator, prod)


def synthesised(tmp_path_factory: pytest.TempPathFactory, name: str, *program: str) -> Assembly:
    """What a program writes into the folder it is told last. Whoever comes first does the work, and the others wait for it."""
    here = tmp_path_factory.getbasetemp()
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    folder, done = shared / name, shared / f"{name}.done"
    with alone(shared / f"{name}.lock"):
        if not done.exists():
            command = [sys.executable, "-m", *program, str(folder)]
            told = subprocess.run(command, cwd=ROOT, env=UNWARNED, capture_output=True, text=True, check=False)
            assert told.returncode == 0, told.stdout + told.stderr
            done.touch()
    return Assembly(folder)


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
