"""The compose file, as far as it can be held where no docker is: what it says, against what it names. Nothing here was run."""

import re
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from msgspec.structs import fields

from core.contracts.job import QUEUES
from core.db.let_app_in import USER
from core.settings import NEEDED, PREFIX, Settings
from tests.docker.test_dockerfile import FILE as DOCKERFILE
from tests.docker.test_dockerfile import STAGE, copied, stage
from tests.house.tree import ROOT, committed

FOLDER = ROOT / "docker"
TEXT = (FOLDER / "compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
STARTED_ONCE, APPS = ("migrate", "let-app-in"), ("api", "worker")
OURS = (*STARTED_ONCE, *APPS)
COLLECTOR = yaml.safe_load((FOLDER / "collector-compose.yml").read_text())


def test_it_is_what_the_compose_specification_allows() -> None:
    # Read and written once, for it knows no merge keys.
    read = PyCompose.from_yaml(yaml.safe_dump(yaml.safe_load(TEXT)))

    assert set(read.service_names()) == {"database", "valkey", *OURS, "collector", "traces", "pages"}


@pytest.mark.parametrize("name", APPS)
def test_every_variable_is_a_setting_and_none_that_is_needed_is_forgotten(name: str) -> None:
    known: dict[str, Any] = {PREFIX + field.name.upper(): field for field in fields(Settings)}
    needed = {name for name, field in known.items() if field.required} | {PREFIX + each.upper() for each in NEEDED["aws"]}
    told = {each for each in SERVICES[name]["environment"] if each.startswith(PREFIX)}

    assert needed <= told <= known.keys()


def test_whoever_fills_in_the_example_has_named_everything() -> None:
    example = re.findall(r"^([A-Z_]+)=", (FOLDER / "example.env").read_text(), re.MULTILINE)
    asked = re.findall(r"\$\{([^}]*)\}", TEXT)

    assert {each.partition(":")[0] for each in asked} == set(example)
    # Compose stops with the name of what is missing.
    assert all(each.endswith(":?") for each in asked)


@pytest.mark.parametrize("name", OURS)
def test_what_is_built_is_a_target_and_holds_the_program(name: str) -> None:
    build, command = SERVICES[name]["build"], SERVICES[name].get("command")
    module = (command or ["python", "-m", "api.main"])[2]

    assert (FOLDER / build["context"] / build["dockerfile"]).resolve() == FOLDER / "Dockerfile"
    assert build["target"] in {target for _, target in STAGE.findall(DOCKERFILE)}
    assert SERVICES[name]["image"] == f"kotonoha/{build['target']}"
    assert module.partition(".")[0] in copied(stage(build["target"]))
    assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


def test_only_what_changes_the_schema_is_the_databases_owner() -> None:
    owner = SERVICES["database"]["environment"]["POSTGRES_USER"]
    users = {
        name: re.match(r"postgresql://(\w+):\$\{(\w+):", SERVICES[name]["environment"]["KOTONOHA_DATABASE_URL"]) for name in OURS
    }
    known = {name: (user[1], user[2]) for name, user in users.items() if user}

    assert owner != USER
    assert known == {
        **dict.fromkeys(STARTED_ONCE, (owner, "DATABASE_PASSWORD")),
        **dict.fromkeys(APPS, (USER, "APP_PASSWORD")),
    }
    # The apps never hear the owner's password.
    assert all("DATABASE_PASSWORD" not in str(SERVICES[name]) for name in APPS)
    assert SERVICES["let-app-in"]["environment"]["APP_PASSWORD"] == "${APP_PASSWORD:?}"  # noqa: S105  asked for, not given
    assert set(SERVICES["migrate"]["environment"]) == {"KOTONOHA_DATABASE_URL"}


def test_one_worker_serves_every_queue() -> None:
    assert SERVICES["worker"]["command"][-2:] == ["--queues", ",".join(QUEUES)]


def test_nothing_asks_for_a_schema_or_a_kind_before_it_is_there() -> None:
    waits = {name: {on: how["condition"] for on, how in SERVICES[name]["depends_on"].items()} for name in (*OURS, "pages")}

    assert waits["migrate"] == {"database": "service_healthy"}
    assert waits["let-app-in"] == {"migrate": "service_completed_successfully"}
    assert waits["worker"] == {"let-app-in": "service_completed_successfully", "valkey": "service_healthy"}
    assert waits["api"] == waits["worker"] | {"worker": "service_started"}
    assert waits["pages"] == {"api": "service_healthy"}
    assert "HEALTHCHECK --interval" in stage("api")
    assert {name for name, each in SERVICES.items() if "healthcheck" in each} == {"database", "valkey"}


def test_only_the_pages_are_reached_from_elsewhere() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert published.pop("pages") == ["80:80", "443:443"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_every_container_but_the_database_is_read_only_and_without_rights() -> None:
    loose = {name for name, each in SERVICES.items() if not (each.get("read_only") and each.get("cap_drop") == ["ALL"])}

    assert loose == {"database"}
    assert {name for name, each in SERVICES.items() if "cap_add" in each} == {"pages"}
    assert not any("privileged" in each or "network_mode" in each for each in SERVICES.values())


def test_images_of_others_have_a_version_and_what_is_mounted_is_here() -> None:
    foreign = [each["image"] for each in SERVICES.values() if "build" not in each]
    mounted = [volume.split(":")[0] for each in SERVICES.values() for volume in each.get("volumes", []) if volume.startswith(".")]

    assert all(re.search(r":v?\d+[.\d]*(-[a-z]+)?$", image) for image in foreign)
    here = {path.relative_to(FOLDER).as_posix() for path in committed("docker/*")}
    assert {path.removeprefix("./") for path in mounted} - here == {"../frontends/haiku/dist"}


def test_valkey_loses_no_bell() -> None:
    assert "--maxmemory-policy noeviction" in " ".join(SERVICES["valkey"]["command"])


def test_what_processes_tell_is_taken_and_handed_on() -> None:
    receiver = COLLECTOR["receivers"]["otlp"]["protocols"]["http"]["endpoint"]
    pipelines = COLLECTOR["service"]["pipelines"]

    assert {SERVICES[name]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] for name in APPS} == {
        f"http://collector:{receiver.rpartition(':')[2]}"
    }
    assert COLLECTOR["exporters"]["otlphttp"]["endpoint"] == "http://traces:4318"
    assert SERVICES["collector"]["ports"] == ["127.0.0.1:9464:9464"]
    assert COLLECTOR["exporters"]["prometheus"]["endpoint"] == "0.0.0.0:9464"
    for pipeline in pipelines.values():
        for part, names in pipeline.items():
            assert set(names) <= COLLECTOR[part].keys()


def test_a_worker_has_handed_everything_back_before_it_is_killed() -> None:
    settings = {field.name: field.default for field in fields(Settings)}
    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))

    assert settings["drain_seconds"] + settings["hand_back_seconds"] < grace


def test_only_what_images_are_made_of_is_sent_to_the_builder() -> None:
    lines = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    sent = {line.removeprefix("!").partition("/")[0] for line in lines if line.startswith("!")}

    assert "*" in lines
    assert sent == {path.partition("/")[0] for path in copied(DOCKERFILE)}
