"""What is imported is declared, what is declared is locked, and locks name no host."""

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires
from itertools import pairwise
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOMS, ROOT, committed, imported_packages, modules

LOCKS = ("base", "worker", "local", "dev", "node", "infra", "streamlit", "uv")
_LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def declared(group: str) -> list[Requirement]:
    given = project()["project"]["dependencies"] if group == "base" else project()["dependency-groups"][group]
    return [Requirement(line) for line in given]


def names(*groups: str) -> set[str]:
    return {canonicalize_name(requirement.name) for group in groups for requirement in declared(group)}


def locked(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    return {canonicalize_name(match["name"]): match["version"] for match in _LOCKED.finditer(text)}


def third_party(room: str, *but: str) -> dict[str, str]:
    """Each package that is imported in a room, and a file that does."""
    ours = {*ROOMS, "tests", *sys.stdlib_module_names}
    files = [path for path in modules(room) if not any(part in path.as_posix() for part in but)]
    imported = {name: path.name for path in files for name in imported_packages(path) if name not in ours}
    # Stubs are imported for the type checker alone.
    return {name: where for name, where in imported.items() if not name.startswith("types_")}


def undeclared(imported: dict[str, str], allowed: set[str]) -> dict[str, str]:
    distributions = packages_distributions()
    return {
        name: where
        for name, where in imported.items()
        if not allowed & {canonicalize_name(one) for one in distributions.get(name, [name])}
    }


@pytest.mark.parametrize("room", ["api", "core", "telemetry"])
def test_a_room_that_runs_everywhere_imports_only_the_runtime(room: str) -> None:
    assert undeclared(third_party(room), names("base")) == {}


def test_workers_import_only_what_their_image_has_apart_from_the_local_providers() -> None:
    assert undeclared(third_party("workers", "providers/local"), names("base", "worker")) == {}


@pytest.mark.parametrize("room", ["workers", "local"])
def test_what_runs_on_one_machine_is_declared_for_it(room: str) -> None:
    assert undeclared(third_party(room), names("base", "worker", "local")) == {}


def test_tests_import_what_is_declared() -> None:
    assert undeclared(third_party("tests"), names("base", "worker", "local", "dev", "infra")) == {}


def test_the_topology_imports_only_its_own_tools_and_nothing_of_ours() -> None:
    ours = {*ROOMS, "tests"} - {"infra_cdk"}

    assert undeclared(third_party("infra_cdk"), names("infra")) == {}
    assert {name for path in modules("infra_cdk") for name in imported_packages(path)} & ours == set()
    assert [path.name for path in modules(*ours - {"tests"}) if "infra_cdk" in imported_packages(path)] == []


@pytest.mark.parametrize("group", ["base", "worker", "local", "dev", "node", "infra", "streamlit"])
def test_every_lock_holds_what_is_declared(group: str) -> None:
    versions = locked(group)
    wrong = [
        str(requirement)
        for requirement in declared(group)
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"), prereleases=True)
    ]

    assert wrong == []


def test_locks_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in locked(lock).items():
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
    bare = [line for line, after in pairwise([*lines, ""]) if _LOCKED.match(line) and not after.startswith("    --hash=sha256:")]

    assert bare == []


def test_arq_and_redis_stay_together() -> None:
    assert any(line.startswith("redis[hiredis]<6") for line in requires("arq") or [])
    assert int(locked("base")["redis"].split(".")[0]) < 6


def test_nothing_committed_names_a_registry_or_a_squatted_package() -> None:
    # Put together here, so that this file does not name them.
    unwanted = re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.org", "opentelemetry-instrumentation" + "-litestar"])
    )
    found = [path.name for path in committed() if unwanted.search(path.read_bytes().decode(errors="replace"))]

    assert found == []
