"""Read what the rules found, and keep what nobody acknowledged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_cdk.acknowledgements import ACKNOWLEDGED

RULES = "AwsSolutions-"


@dataclass(frozen=True)
class Finding:
    """One construct that breaks one rule."""

    stack: str
    rule: str
    construct: str

    def acknowledged_by(self, row: tuple[str, str, str]) -> bool:
        return _covers(row[0], self.stack) and _covers(row[1], self.rule)


def read_findings(assembly: Path) -> list[Finding]:
    report = assembly / "validation-report.json"
    return list(_findings(json.loads(report.read_text()))) if report.exists() else []


def unacknowledged(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if not any(finding.acknowledged_by(row) for row in ACKNOWLEDGED)]


def unused(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [row for row in ACKNOWLEDGED if not any(finding.acknowledged_by(row) for finding in findings)]


def _findings(node: Any) -> Iterator[Finding]:
    if isinstance(node, list):
        for each in node:
            yield from _findings(each)
    elif isinstance(node, dict):
        if str(node.get("ruleName", "")).startswith(RULES):
            for construct in node.get("violatingConstructs") or node.get("violatingResources") or []:
                path = construct["constructPath"]
                yield Finding(path.split("/")[0].split("-", 2)[2], node["ruleName"], path)
        for each in node.values():
            yield from _findings(each)


def _covers(pattern: str, given: str) -> bool:
    return given.startswith(pattern[:-1]) if pattern.endswith("*") else given == pattern
