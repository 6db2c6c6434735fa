"""An image is pushed once: the real script, before a registry and a docker of a few lines."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

DOCKER = """#!/bin/sh
echo "$*" >> "$REGISTRY/asked"
case $1 in
  manifest) test -e "$REGISTRY/pushed" ;;
  push) if [ -e "$REGISTRY/overtaken" ]; then touch "$REGISTRY/pushed"; fi
        test ! -e "$REGISTRY/refuses" && touch "$REGISTRY/pushed" ;;
  build) test ! -e "$REGISTRY/broken" ;;
esac
"""
"""Says what it was asked, and knows one image. `refuses` refuses a push, `overtaken` because somebody was faster."""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o755)
    return tmp_path


def publish(registry: Path) -> int:
    path = f"{registry / 'bin'}:{os.environ['PATH']}"
    environment = {"PATH": path, "REGISTRY": str(registry), "LIBRARY": "mirror/library/"}
    told = subprocess.run(["sh", "docker/publish.sh", "api", "host/api:1234567"], cwd=ROOT, env=environment, check=False)
    return told.returncode


def asked(registry: Path) -> list[str]:
    return [line.split()[0] for line in (registry / "asked").read_text().splitlines()]


def test_an_image_is_built_for_its_target_and_pushed(registry: Path) -> None:
    assert publish(registry) == 0
    told = (registry / "asked").read_text()
    assert "build --file docker/Dockerfile --target api --build-arg LIBRARY=mirror/library/ --tag host/api:1234567 .\n" in told
    assert asked(registry) == ["manifest", "build", "push"]


def test_an_image_that_is_there_is_left_alone(registry: Path) -> None:
    (registry / "pushed").touch()

    assert publish(registry) == 0
    assert asked(registry) == ["manifest"]


def test_whoever_is_overtaken_is_content(registry: Path) -> None:
    for name in ("refuses", "overtaken"):
        (registry / name).touch()

    assert publish(registry) == 0
    assert asked(registry) == ["manifest", "build", "push", "manifest"]


@pytest.mark.parametrize("fault", ["refuses", "broken"])
def test_what_was_not_published_fails(registry: Path, fault: str) -> None:
    (registry / fault).touch()

    assert publish(registry) != 0
    assert not (registry / "pushed").exists()
