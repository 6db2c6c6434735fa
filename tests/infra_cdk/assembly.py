"""What was synthesised, read as plain JSON: templates, resources and what they refer to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Properties = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """One resource; `name` is its logical id."""

    stack: str
    name: str
    type: str
    body: dict[str, Any]

    @property
    def properties(self) -> Properties:
        return self.body.get("Properties", {})

    def __getitem__(self, name: str) -> Any:
        return self.properties[name]


@dataclass(frozen=True)
class Assembly:
    """A deployment's templates, by the name of the stack without that of the deployment."""

    folder: Path

    @cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        files = sorted(self.folder.glob("*.template.json"))
        return {_short(path.name.removesuffix(".template.json")): json.loads(path.read_text()) for path in files}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "manifest.json").read_text())

    def all(self, kind: str, stack: str = "") -> list[Resource]:
        """Of every stack whose name begins with `stack`."""
        return [resource for resource in self.resources(stack) if resource.type == kind]

    def one(self, kind: str, stack: str = "") -> Resource:
        (only,) = self.all(kind, stack)
        return only

    def resources(self, stack: str = "") -> Iterator[Resource]:
        for name, template in self.templates.items():
            if name.startswith(stack):
                for logical, body in template.get("Resources", {}).items():
                    yield Resource(name, logical, body["Type"], body)

    def named(self, stack: str, logical: str) -> Resource:
        body = self.templates[stack]["Resources"][logical]
        return Resource(stack, logical, body["Type"], body)

    def follow(self, stack: str, value: Any) -> Resource:
        """The resource a reference leads to, in this stack or, by its export, in another. Raises AssertionError where it leads to
        none."""
        found = self.find(stack, value)
        assert found, f"{value} of {stack} leads to no resource"
        return found

    def find(self, stack: str, value: Any) -> Resource | None:
        """As `follow`, and None of what is no reference, or one to a parameter."""
        if not isinstance(value, dict):
            return None
        if "Fn::ImportValue" in value:
            return self._exported(value["Fn::ImportValue"])
        logical = value.get("Ref") or (value.get("Fn::GetAtt") or [None])[0]
        return self.named(stack, logical) if logical in self.templates[stack]["Resources"] else None

    def _exported(self, export: str) -> Resource | None:
        for name, template in self.templates.items():
            for output in template.get("Outputs", {}).values():
                if output.get("Export", {}).get("Name") == export:
                    return self.find(name, output["Value"])
        raise AssertionError(f"nobody exports {export}")

    def told(self, stack: str) -> Properties:
        """What CloudFormation is told of a stack beside its template."""
        return self._artifact(stack)["properties"]

    def _artifact(self, stack: str) -> dict[str, Any]:
        (artifact,) = (body for name, body in self.manifest["artifacts"].items() if _short(name) == stack and _is_stack(body))
        return artifact

    def needs(self, stack: str) -> set[str]:
        artifact = self._artifact(stack)
        stacks = {name for name, body in self.manifest["artifacts"].items() if _is_stack(body)}
        return {_short(name) for name in artifact.get("dependencies", []) if name in stacks}


def flat(value: Any) -> str:
    """Everything in a property as one text, to look for words in."""
    return json.dumps(value, ensure_ascii=False)


def joined(value: Properties) -> list[Any]:
    """The parts of a text that is only known after a deployment: texts, and references between them."""
    separator, parts = value["Fn::Join"]
    assert separator == ""
    return list(parts)


def _is_stack(body: dict[str, Any]) -> bool:
    return body["type"] == "aws:cloudformation:stack"


def _short(name: str) -> str:
    return name.split("-", 2)[2] if name.startswith("Kotonoha-") else name
