"""Which requests a firewall's own rules let pass: as WAF decides, of the statements that are used here."""

from collections.abc import Mapping, Sequence
from typing import Any


def passes(rules: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> bool:
    """By the rules that are ours and look at headers; Amazon's groups and limits on addresses are not asked."""
    return not any("Block" in rule.get("Action", {}) and _holds(rule["Statement"], headers) for rule in rules)


def _holds(statement: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    ((kind, told),) = statement.items()
    if kind == "AndStatement":
        return all(_holds(each, headers) for each in told["Statements"])
    if kind == "NotStatement":
        return not _holds(told["Statement"], headers)
    if kind == "ByteMatchStatement":
        return _matches(told, headers)
    raise AssertionError(f"{kind} was not expected here")


def _matches(told: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """A header that is not there matches nothing."""
    given = headers.get(told["FieldToMatch"]["SingleHeader"]["Name"])
    (change,) = told["TextTransformations"]
    if given is None:
        return False
    wanted: str = told["SearchString"]
    seen = {"NONE": given, "LOWERCASE": given.lower()}[change["Type"]]
    return {"EXACTLY": seen == wanted, "ENDS_WITH": seen.endswith(wanted)}[told["PositionalConstraint"]]
