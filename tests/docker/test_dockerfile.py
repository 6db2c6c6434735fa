"""The images, as far as they can be checked where no docker is: what is copied exists, what is started starts."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docker.served import free_port, served
from tests.house.tree import ROOT, committed

FILE = (ROOT / "docker" / "Dockerfile").read_text().replace("\\\n", " ")
STAGE = re.compile(r"^FROM (\S+) AS (\S+)$", re.MULTILINE)
TARGETS = ("api", "worker", "streamlit")


def stage(name: str) -> str:
    _, _, after = FILE.partition(f" AS {name}\n")
    return after.partition("\nFROM ")[0]


def copied(text: str) -> list[str]:
    return [line.split()[1] for line in text.splitlines() if line.startswith("COPY ") and "--from=" not in line]


def command(name: str) -> list[str]:
    (found,) = re.findall(r"^CMD (\[.*\])$", stage(name), re.MULTILINE)
    return list(json.loads(found))


def test_everything_that_is_copied_is_committed() -> None:
    known = {path.relative_to(ROOT).as_posix() for path in committed()}
    folders = {parent.as_posix() for name in known for parent in (ROOT / name).relative_to(ROOT).parents}

    assert copied(FILE)
    assert [path for path in copied(FILE) if path not in known | folders] == []


def test_every_stage_stands_on_one_before_it_and_every_target_on_the_runtime() -> None:
    stages = STAGE.findall(FILE)
    names = [name for _, name in stages]

    for number, (below, _) in enumerate(stages):
        assert below == "${LIBRARY}python:${PYTHON}" or below in names[:number]
    assert {below for below, name in stages if name in TARGETS} == {"runtime"}


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_runs_as_nobody_and_is_started_without_a_shell(target: str) -> None:
    lines = stage(target).splitlines()
    after = lines[lines.index("USER 10001") :]

    assert not any(line.startswith(("RUN", "USER 0", "USER root")) for line in after)
    assert command(target)[0] in ("python", "streamlit")


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_holds_every_room_its_command_imports(target: str) -> None:
    rooms = set(copied(stage(target)))
    needed = {
        name.partition(".")[0]
        for room in rooms
        for path in committed(f"{room}/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }

    assert {name for name in needed if name in ("api", "core", "infra_cdk", "local", "telemetry", "workers")} <= rooms


def program(target: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """The command of an image with what its lock holds and with the rooms it copies, and the environment it has there."""
    for room in copied(stage(target)):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    installed = Path(sys.prefix) / "images" / target / "bin"
    first, *rest = command(target)
    set_there = dict(re.findall(r"(\w+)=(\S+)", " ".join(re.findall(r"^ENV (.*)$", stage(target), re.MULTILINE))))
    return [str(installed / first), *rest], {"PATH": str(installed), "PYTHONPATH": str(folder), "HOME": str(folder), **set_there}


@pytest.mark.parametrize("target", ["api", "worker"])
def test_the_command_of_an_image_starts_with_its_own_packages_alone(target: str, tmp_path: Path) -> None:
    start, environment = program(target, tmp_path)

    started = subprocess.run([*start[:3], "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert started.returncode == 0, started.stderr
    assert "usage:" in started.stdout


def test_a_worker_is_felt_with_its_own_packages_alone(tmp_path: Path) -> None:
    start, environment = program("worker", tmp_path)
    (healthy,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", stage("worker"), re.MULTILINE)
    file = tmp_path / "pulse"

    def felt() -> int:
        asked = [start[0], *json.loads(healthy)[1:]]
        return subprocess.run(asked, cwd=tmp_path, env=environment | {"KOTONOHA_PULSE_FILE": str(file)}, check=False).returncode

    assert felt() == 1
    file.touch()
    assert felt() == 0


def test_streamlit_serves_an_app_and_answers_its_check_with_its_own_packages_alone(tmp_path: Path) -> None:
    (app := tmp_path / "app.py").write_text("import httpx, streamlit, streamlit_drawable_canvas\nstreamlit.write('here')\n")
    start, environment = program("streamlit", tmp_path)
    (check,) = re.findall(r"u\.urlopen\('http://127\.0\.0\.1:8501(\S+)', timeout", stage("streamlit"))
    port = free_port()
    there = environment | {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}

    with served([*start[:2], str(app)], there, f"http://127.0.0.1:{port}", tmp_path) as client:
        answer = client.get(check)

    assert (answer.status_code, answer.text) == (200, "ok")


def test_the_api_holds_no_dictionary_and_no_model_runtime() -> None:
    assert "api-packages /venv" in stage("api")
    assert re.findall(r"requirements/(\w+)\.txt", stage("tools") + stage("api-packages")) == ["uv", "base"]
    heavy = ("numpy", "onnxruntime", "sudachi", "pillow", "soundfile", "streamlit")
    locked = (ROOT / "requirements" / "base.txt").read_text()
    assert [name for name in heavy if re.search(rf"^{name}", locked, re.MULTILINE)] == []
