"""Amazon's clients: none is made for a call, and none waits without an end or retries by itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOMS, ROOT, modules

DOORS = {"core/storage/s3.py", "workers/providers/aws/clients.py"}
OPENING = {"client", "create_client", "resource"}
BOUNDS = {"connect_timeout", "read_timeout", "retries"}


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_clients_are_opened_at_two_doors() -> None:
    opening = {path.relative_to(ROOT).as_posix() for path in modules(*ROOMS) for call in calls(path) if called(call) in OPENING}

    assert opening == DOORS


def test_every_client_has_timeouts_and_no_retries_of_its_own() -> None:
    for door in DOORS:
        configs = [call for call in calls(ROOT / door) if called(call) == "AioConfig"]
        opened = [call for call in calls(ROOT / door) if called(call) in OPENING]

        assert len(configs) == 1
        assert {keyword.arg for keyword in configs[0].keywords} >= BOUNDS
        assert "'total_max_attempts': 1" in ast.unparse(configs[0])
        assert all("config" in {keyword.arg for keyword in call.keywords} for call in opened)
