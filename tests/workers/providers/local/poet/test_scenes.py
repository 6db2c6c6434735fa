"""What the painter is given: three pictures of one moment."""

import re

import pytest

from core.contracts.haiku import Describe, Line, Poem, Scenes
from tests.workers.providers.local.poet.conversation import a_poem_on
from tests.workers.providers.local.poet.topics import TOPICS
from workers.tools import Poet

_LIGHT = re.compile(
    r"Sumi-e ink painting, ((?:New Year )?(?:spring|summer|autumn|winter))( dawn| day| dusk| night)?((?:, [a-z ]+)*): "
)


async def described(poet: Poet, poem: Poem) -> Scenes:
    return (await poet.describe(Describe(poem, seed=1))).value


@pytest.fixture(scope="module")
async def scenes(poet: Poet) -> list[Scenes]:
    return [await described(poet, await a_poem_on(poet, topic)) for topic in TOPICS]


def test_three_scenes_agree_in_season_hour_and_weather(scenes: list[Scenes]) -> None:
    for three in scenes:
        lights = [_LIGHT.match(scene.description) for scene in three.scenes]

        assert all(lights), three
        assert len({light[0] for light in lights if light}) == 1


def test_three_scenes_differ(scenes: list[Scenes]) -> None:
    for three in scenes:
        assert [scene.number for scene in three.scenes] == [1, 2, 3]
        assert len({scene.description for scene in three.scenes}) == 3
        assert len({scene.alt_japanese for scene in three.scenes}) == 3


def test_a_description_is_short_plain_english(scenes: list[Scenes]) -> None:
    for scene in (scene for three in scenes for scene in three.scenes):
        assert re.fullmatch(r"[A-Za-z',:\- ]{20,160}", scene.description), scene.description
        assert re.fullmatch(r"[A-Z].*\.", scene.alt), scene.alt


async def test_the_scenes_are_in_the_season_of_the_poem(poet: Poet) -> None:
    poem = await a_poem_on(poet, "snowman in winter")

    assert all(", winter" in scene.description for scene in (await described(poet, poem)).scenes)


async def test_a_poem_from_elsewhere_is_seen_by_its_english(poet: Poet) -> None:
    pond = (
        Line("古池や", "ふるいけや", "ふるいけ や", "an old pond—"),
        Line("蛙飛びこむ", "かわずとびこむ", "かわず とびこむ", "a frog jumps in,"),
        Line("水の音", "みずのおと", "みず の おと", "the sound of water"),
    )
    scenes = (await described(poet, Poem(pond, "spring", "蛙", "a frog"))).scenes

    assert [scene.description for scene in scenes] == [
        "Sumi-e ink painting, spring: an old pond",
        "Sumi-e ink painting, spring: a frog jumps in",
        "Sumi-e ink painting, spring: the sound of water",
    ]
