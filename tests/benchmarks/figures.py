"""A figure: what was measured, how often, and what it should be."""

import statistics
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`target` is the most that is good, in the same unit as `seen`; None where nothing is promised."""

    name: str
    unit: str
    seen: tuple[float, ...]
    target: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.seen)

    def row(self) -> dict[str, Any]:
        return {"name": self.name, "unit": self.unit, "median": self.median, "seen": self.seen, "target": self.target}


def table(figures: list[Figure]) -> str:
    lines = ["| figure | median | least – most | runs | target |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, figures)])


def _line(figure: Figure) -> str:
    spread = f"{min(figure.seen):.4g} – {max(figure.seen):.4g}"
    target = "–" if figure.target is None else f"≤ {figure.target:g} {figure.unit}"
    return f"| {figure.name} | {figure.median:.4g} {figure.unit} | {spread} | {len(figure.seen)} | {target} |"
