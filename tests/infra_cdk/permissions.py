"""What a role may do, decided from its policies as IAM would: allowed by a statement whose conditions hold, else not."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate
from typing import Any

from tests.infra_cdk.assembly import Assembly, Resource


def may(assembly: Assembly, role: Resource, action: str, resource: str, **context: str) -> bool:
    return any(_allows(assembly, role.stack, each, action, resource, context) for each in statements(assembly, role))


def statements(assembly: Assembly, role: Resource) -> Iterator[dict[str, Any]]:
    for policy in assembly.all("AWS::IAM::Policy", role.stack):
        if policy.stack == role.stack and {"Ref": role.name} in policy["Roles"]:
            yield from policy["PolicyDocument"]["Statement"]


def _allows(
    assembly: Assembly, stack: str, statement: dict[str, Any], action: str, resource: str, context: Mapping[str, str]
) -> bool:
    if statement["Effect"] != "Allow":
        raise AssertionError("a statement that denies was not expected here")
    return (
        _any(statement["Action"], action)
        and any(_matches(_text(assembly, stack, each), resource) for each in _listed(statement["Resource"]))
        and all(
            _matches(_text(assembly, stack, value), context.get(key, ""))
            for keys in statement.get("Condition", {}).values()
            for key, values in keys.items()
            for value in _listed(values)
        )
    )


def _any(patterns: Any, given: str) -> bool:
    return any(_matches(each, given) for each in _listed(patterns))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _matches(pattern: str, given: str) -> bool:
    return bool(re.fullmatch(translate(pattern.replace("[", "[[]")), given))


def _text(assembly: Assembly, stack: str, value: Any) -> str:
    """An ARN as text, where what is only known after a deployment is `<stack/logical id>`."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(_text(assembly, stack, each) for each in value["Fn::Join"][1])
    found = assembly.follow(stack, value)
    assert found, value
    return f"<{found.stack}/{re.sub('[0-9A-F]{8}$', '', found.name)}>"
