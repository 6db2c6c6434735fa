"""What the picture of each line shows: three scenes in one season, one weather, one hour."""

from collections.abc import Sequence
from typing import get_args

from core.contracts.haiku import Line, Poem, Scene, Scenes
from workers.providers.local.poet.fragments import Fragment, Sky, Time

_SEASONS = {"new year": "New Year winter"}
_HOURS: tuple[Time, ...] = ("day", "dusk", "night", "dawn")
_TOLD: dict[Sky, str] = {"clear": "clear weather", "cloudy": "cloudy sky", "rain": "rain", "snow": "snow", "mist": "mist"}


def scenes_for(poem: Poem, fragments: Sequence[Fragment | None]) -> Scenes:
    """`fragments` are the lines' own, None where a line is not from the bank."""
    light = _light(poem, [fragment for fragment in fragments if fragment is not None])
    one, two, three = (
        _scene(number, light, line, fragment)
        for number, (line, fragment) in enumerate(zip(poem.lines, fragments, strict=True), 1)
    )
    return Scenes((one, two, three))


def _light(poem: Poem, fragments: Sequence[Fragment]) -> str:
    season = _SEASONS.get(poem.season, poem.season)
    return ", ".join([f"{season}{_hour(fragments)}", *_weather(fragments)])


def _hour(fragments: Sequence[Fragment]) -> str:
    hours = frozenset(_HOURS).intersection(*(fragment.times or frozenset(_HOURS) for fragment in fragments))
    first = next((hour for hour in _HOURS if hour in hours), None)
    return "" if first is None or len(hours) == len(_HOURS) else f" {first}"


def _weather(fragments: Sequence[Fragment]) -> list[str]:
    every: frozenset[Sky] = frozenset(get_args(Sky))
    skies = every.intersection(*(fragment.skies or every for fragment in fragments))
    return [_TOLD[sky] for sky in skies] if len(skies) == 1 else []


def _scene(number: int, light: str, line: Line, fragment: Fragment | None) -> Scene:
    seen = fragment.scene if fragment else _imagined(line)
    seen_japanese = fragment.scene_japanese if fragment else f"「{line.japanese}」の情景を描いた水墨画。"
    return Scene(
        number=number,
        description=f"Sumi-e ink painting, {light}: {seen}",
        alt=f"{seen[0].upper()}{seen[1:]}.",
        alt_japanese=seen_japanese,
    )


def _imagined(line: Line) -> str:
    """A line from elsewhere shows what its English says."""
    return line.english.strip(" —,;:.-").strip() or "an empty landscape"
