"""What a role may do, decided from its policies as IAM would: allowed by a statement whose conditions hold, else not."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from typing import Any

from tests.infra_cdk.assembly import Assembly, Resource, joined

Statement = dict[str, Any]

HERE = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "111122223333"}


def may(assembly: Assembly, role: Resource, action: str, resource: str, **context: str) -> bool:
    return allowed(statements(assembly, role), action, resource, **context)


def allowed(statements: Iterable[Statement], action: str, resource: str, **context: str) -> bool:
    return any(_allows(each, action, resource, context) for each in statements)


def statements(assembly: Assembly, role: Resource) -> Iterator[Statement]:
    """All of a role's, with references as text. What Amazon manages is not among them."""
    assert "Policies" not in role.properties
    for policy in assembly.all("AWS::IAM::Policy", role.stack):
        if policy.stack == role.stack and {"Ref": role.name} in policy["Roles"]:
            yield from _plain(assembly, role.stack, policy["PolicyDocument"]["Statement"])


def grants(statements: Iterable[Statement], action: str) -> bool:
    """Whether an action is allowed at all, on whatever and whenever."""
    return any(_any(statement["Action"], action) for statement in statements)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def plain_name(resource: Resource) -> str:
    """Without the hash the CDK appends."""
    return re.sub("[0-9A-F]{8}$", "", resource.name)


def _allows(statement: Statement, action: str, resource: str, context: dict[str, str]) -> bool:
    if statement["Effect"] != "Allow":
        raise AssertionError("a statement that denies was not expected here")
    return (
        _any(statement["Action"], action)
        and _any(statement["Resource"], resource)
        and all(
            _holds(operator, values, context.get(key))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, values: Any, given: str | None) -> bool:
    """A key that the request does not carry holds nowhere."""
    if operator not in ("StringEquals", "StringLike"):
        raise AssertionError(f"{operator} was not expected here")
    if given is None:
        return False
    return given in listed(values) if operator == "StringEquals" else _any(values, given)


def _any(patterns: Any, given: str) -> bool:
    return any(_matches(each, given) for each in listed(patterns))


def _matches(pattern: str, given: str) -> bool:
    return bool(re.fullmatch(translate(pattern.replace("[", "[[]")), given))


def _plain(assembly: Assembly, stack: str, value: Any) -> Any:
    """An ARN as text, where what is only known after a deployment is `<stack/logical id>`."""
    if isinstance(value, list):
        return [_plain(assembly, stack, each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Join" in value:
        return "".join(_plain(assembly, stack, joined(value)))
    if value.keys() & {"Ref", "Fn::GetAtt", "Fn::ImportValue"}:
        return HERE.get(value.get("Ref", "")) or _named(assembly, stack, value)
    return {key: _plain(assembly, stack, each) for key, each in value.items()}


def _named(assembly: Assembly, stack: str, reference: dict[str, Any]) -> str:
    found = assembly.follow(stack, reference)
    return f"<{found.stack}/{plain_name(found)}>"
