"""What the emulator is told and does not look at: `ignored.txt` has it by name.

A deployment that succeeds there proves nothing of these properties; templates are held to them by other tests. Found in the
emulator's own source: a property whose name no function says that makes a resource of its type."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.emulator import PROGRAM, taken

PAGE = Path(__file__).parent / "ignored.txt"
HANDLERS = "_RESOURCE_HANDLERS"
(SERVICES,) = PROGRAM.parent.parent.glob("lib/python3*/site-packages/ministack/services")
PROVISIONERS = "cloudformation/provisioners.py"


class Module:
    """One file of the emulator: what it defines, and which files it calls by another name."""

    def __init__(self, path: Path) -> None:
        self._body = ast.parse(path.read_text()).body

    @cached_property
    def defined(self) -> Mapping[str, ast.stmt]:
        found: dict[str, ast.stmt] = {}
        for node in self._body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {target.id: node for target in targets if isinstance(target, ast.Name)}
        return found

    @cached_property
    def others(self) -> Mapping[str, str]:
        imports = (node for node in self._body if isinstance(node, ast.Import))
        names = (each for node in imports for each in node.names if each.name.startswith("ministack.services.") and each.asname)
        return {str(each.asname): each.name.rpartition(".")[2] + ".py" for each in names}


@cache
def module(name: str) -> Module | None:
    path = SERVICES / name
    return Module(path) if path.exists() else None


def makers() -> Mapping[str, str]:
    """Which function makes a resource, by its type."""
    here = module(PROVISIONERS)
    assert here
    table = here.defined[HANDLERS]
    assert isinstance(table, ast.Assign)
    assert isinstance(table.value, ast.Dict)
    return dict(_rows(table.value))


def _rows(table: ast.Dict) -> Iterator[tuple[str, str]]:
    for kind, row in zip(table.keys, table.values, strict=True):
        if isinstance(kind, ast.Constant) and isinstance(row, ast.Dict):
            for key, value in zip(row.keys, row.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "create" and isinstance(value, ast.Name):
                    yield str(kind.value), value.id


def words(maker: str) -> set[str]:
    """Every text in a function, in those it calls, here and in the services, and in the constants they read."""
    seen, waiting, found = set[tuple[str, str]](), [(PROVISIONERS, maker)], set[str]()
    while waiting:
        place, name = waiting.pop()
        here = module(place)
        if (place, name) in seen or name == HANDLERS or here is None or name not in here.defined:
            continue
        seen.add((place, name))
        for node in ast.walk(here.defined[name]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.Name):
                waiting.append((place, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in here.others:
                waiting.append((here.others[node.value.id], node.attr))
    return found


def ignored(assembly: Assembly) -> list[str]:
    """`Type.Property`, of what is deployed to the emulator at all."""
    made = makers()
    told = {
        (body["Type"], name)
        for template in assembly.templates.values()
        for body in taken(template)["Resources"].values()
        for name in body.get("Properties", {})
    }
    known = {kind: words(made[kind]) for kind, _ in told if kind in made}
    return sorted(f"{kind}.{name}" for kind, name in told if kind in known and name not in known[kind])


def read() -> list[str]:
    return PAGE.read_text().split()
