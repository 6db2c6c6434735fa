"""Weather at the providers, shared by all workers through one small file."""

import json
import time
from pathlib import Path
from typing import Literal

Weather = Literal["fair", "throttle", "broken", "slow", "truncated", "nonsense"]


class Storm:
    """Written by the harness, read by every tool before it is paid."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "storm.json"

    def blow(self, weather: Weather, seconds: float) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps({"weather": weather, "until": time.time() + seconds}))
        draft.replace(self._file)

    def weather(self) -> Weather:
        try:
            told = json.loads(self._file.read_text())
        except FileNotFoundError:
            return "fair"
        weather: Weather = told["weather"] if time.time() < told["until"] else "fair"
        return weather
