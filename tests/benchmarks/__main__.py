"""Measure this machine and write it down: `python -m tests.benchmarks` makes BENCHMARKS.md and benchmarks.json."""

import asyncio
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.delivery_figures import measure_delivery
from tests.benchmarks.figures import Figure, table
from tests.benchmarks.platform_figures import measure_platform
from tests.benchmarks.street_figures import measure_street
from tests.benchmarks.telemetry_figures import measure_telemetry
from tests.benchmarks.tool_figures import measure_tools

ROOT = Path(__file__).parent.parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kotonoha-bench-") as folder:
        felt, tools = asyncio.run(measure_platform(Path(folder) / "home")), asyncio.run(measure_tools())
        figures = [*felt, *tools, *measure_delivery(), *measure_telemetry(), *measure_street()]
    (ROOT / "BENCHMARKS.md").write_text(page(figures))
    (ROOT / "benchmarks.json").write_text(json.dumps([figure.row() for figure in figures], indent=1) + "\n")
    sys.stdout.write(f"{table(figures)}\n")


def page(figures: list[Figure]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return (
        "# Benchmarks\n\n"
        f"Made by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {machine}. Absolute figures drift from machine to machine and\n"
        "with whatever else runs there; targets are for two cores. Each figure is a median with the least and the most seen.\n\n"
        f"{table(figures)}\n"
    )


if __name__ == "__main__":
    main()
