"""What the painter sees in a description."""

from functools import cache
from pathlib import Path

import pytest

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import bank_fragments
from workers.providers.local.painter import settings
from workers.providers.local.painter.settings import OUTDOORS
from workers.providers.local.painter.sight import see


def test_hour_weather_and_what_stands_there_are_seen() -> None:
    view = see("Sumi-e ink painting, autumn night, rain: an umbrella waits beneath a maple in the rain", "autumn")

    assert view.hour == "night"
    assert view.weather == {"rain"}
    assert view.plants == ("maple",)
    assert view.things == ("umbrella",)


@pytest.mark.parametrize(
    ("shows", "where"),
    [
        ("one white wave curls over in the sea", "sea"),
        ("a narrow path leads to a gate", "path"),
        ("a lamp burns late over an open book by the window", "window"),
        ("a tea bowl steams beside an iron kettle", "still life"),
        ("a white waterfall drops between dark pine trees", "fall"),
        ("a frog sits at the edge of a dark pond among reeds", "pond"),
        ("a lone walker crosses a bridge", "river"),
        ("a house with a light stands beside a lake", "lake"),
        ("a river of stars stands over a dark mountain", "open sky"),
        ("long shadows stretch over the ground from a low sun", "long shadows"),
        ("a steep path climbs between walls", "slope"),
        ("two rows of trees lead along a straight road", "avenue"),
        ("an open book lies on the veranda", "still life"),
        ("a lone figure stands on a hill before the mountains", "hill"),
        ("a small puppy sits on a hill before the mountains", "hill"),
        ("a single cup stands before the hills", "still life"),
        ("a train runs along the foot of the hills", "field"),
        ("a train crosses a bridge below the mountains", "lake"),
        ("a long path leads away over a hill", "path"),
    ],
)
def test_the_setting_is_the_one_the_words_name(shows: str, where: str) -> None:
    assert settings.choose(see(f"Sumi-e ink painting, spring: {shows}", "spring")) == where


@pytest.mark.parametrize("season", ["spring", "summer", "autumn", "winter", "new year"])
def test_words_unknown_are_three_different_landscapes_in_one_poem(season: Season) -> None:
    assert len({settings.choose(see("zxcvb", season), number) for number in range(3)} & set(OUTDOORS)) == 3


@pytest.mark.parametrize(
    "shows",
    ["the sun shines over a path", "red maple leaves glow in the clear autumn sun", "a bright sun shines over a wide field"],
)
def test_what_shines_in_the_sun_is_seen_by_day(shows: str) -> None:
    assert see(f"Sumi-e ink painting, spring day, clear: {shows}", "spring").hour == "day"
    assert see(f"Sumi-e ink painting, spring dusk: {shows}", "spring").hour == "dusk"


def test_a_light_makes_it_dusk_when_no_hour_is_told() -> None:
    assert see("Sumi-e ink painting, autumn: a house with a light stands by a lake", "autumn").hour == "dusk"
    assert see("Sumi-e ink painting, autumn night: a house with a light stands by a lake", "autumn").hour == "night"


def test_a_light_that_is_the_suns_leaves_the_day_a_day() -> None:
    assert see("Sumi-e ink painting, winter day: mild light lies on a winter veranda", "winter").hour == "day"
    assert see("Sumi-e ink painting, winter day: a house with a light stands by a lake", "winter").hour == "dusk"


def test_stars_make_it_night_even_in_a_poem_of_the_dusk() -> None:
    assert see("Sumi-e ink painting, winter dusk: one of the stars shines over a dark roof", "winter").hour == "night"


@pytest.mark.parametrize(
    ("shows", "where"),
    [
        ("a warm lamp glows in a house window on a spring night", "garden"),
        ("long low waves reach the sand of a beach", "beach"),
        ("a figure waves at the side of a road", "path"),
        ("a folded bamboo leaf floats like a boat", "lake"),
    ],
)
def test_words_are_not_taken_for_what_they_are_not(shows: str, where: str) -> None:
    assert settings.choose(see(shows, "spring")) == where


@pytest.mark.parametrize("shows", ["a paper crane rests on a table", "a white paper bird rests in an open hand"])
def test_two_words_together_beat_either_alone(shows: str) -> None:
    assert "paper_crane" in see(shows, "spring").things
    assert "crane" not in see(shows, "spring").things


def test_moon_and_stars_make_it_night() -> None:
    assert see("Sumi-e ink painting, winter: stars stand over a roof", "winter").hour == "night"


def test_every_scene_of_the_poets_bank_calls_for_something() -> None:
    views = {fragment["scene"]: see(fragment["scene"], "autumn") for fragment in bank_fragments()}

    assert len(views) > 500
    unseen = [scene for scene, view in views.items() if not (view.setting or view.room or view.plants or view.things or view.sky)]
    assert unseen == []


def test_soap_bubbles_drift_through_the_picture() -> None:
    view = see("soap bubbles drift over bright young grass", "spring")

    assert view.weather == {"bubbles"}
    assert view.plants == ("young_grass",)
    assert view.things == ()


def test_two_who_meet_face_each_other_and_many_small_birds_are_a_flock() -> None:
    assert see("two figures meet on a path", "winter").things == ("meeting",)
    assert see("many small birds fly in a loose line", "summer").things == ("flock",)


@pytest.mark.parametrize(
    ("shows", "thing"),
    [
        ("swallows fly above an old field", "swallows"),
        ("a long line of birds crosses the sky", "geese"),
        ("a line of geese crosses the sky", "geese"),
        ("a small bird sings on a plum branch", "warbler"),
        ("a kingfisher sits on a branch", "kingfisher"),
        ("ducks float on cold water", "ducks"),
    ],
)
def test_birds_are_their_own_kind(shows: str, thing: str) -> None:
    assert see(shows, "spring").things == (thing,)


def test_an_opening_names_nothing_that_nobody_taught_the_painter() -> None:
    """Words that are no things stand in plain_words.txt; any other one calls for something, alone or with its neighbour."""
    plain = (Path(__file__).parent / "plain_words.txt").read_text(encoding="utf-8").split()
    scenes = [fragment["scene"] for fragment in bank_fragments("openings")]

    unknown = {word: scene for scene in scenes for word in _calling_for_nothing(scene.split()) if word not in plain}
    assert len(scenes) > 300
    assert unknown == {}


def _calling_for_nothing(words: list[str]) -> list[str]:
    around = zip(["", *words], words, [*words[1:], ""], strict=False)
    return [word for before, word, after in around if not (_calls(word) or _pairs(before, word) or _pairs(word, after))]


def _pairs(one: str, other: str) -> bool:
    """Whether two words together call for more than each of them does."""
    return not _calls(one) and not _calls(other) and _calls(f"{one} {other}")


@cache
def _calls(words: str) -> bool:
    view = see(words, "autumn")
    return bool(view.setting or view.room or view.plants or view.things or view.sky or view.weather)


def test_two_who_walk_are_drawn_walking() -> None:
    assert see("two figures walk side by side on a path", "autumn").things == ("walkers",)
    assert see("two young figures stand beside a lake", "autumn").things == ("couple",)


@pytest.mark.parametrize(
    ("shows", "thing"),
    [
        ("two old figures walk side by side on a path", "elders"),
        ("an old man walks slowly along a path", "elder"),
        ("an old dog sits under a pine beside a lake", "old_dog"),
        ("a small puppy sits on a hill before the mountains", "puppy"),
        ("a black cat sits on a path through the fields", "black_cat"),
        ("steam rises from a blue cup", "blue_cup"),
        ("a pale bowl waits on the cool veranda", "pale_bowl"),
        ("an old letter lies on the veranda", "old_letter"),
        ("a worn diary lies open on the veranda", "old_book"),
        ("a child walks home along a path", "walking_child"),
        ("a lone figure hurries along a path", "walker"),
    ],
)
def test_a_thing_is_what_it_is_said_to_be_like(shows: str, thing: str) -> None:
    assert see(shows, "autumn").things == (thing,)


@pytest.mark.parametrize("shows", ["a full river winds between banks", "a path winds up a hill", "a road winds away"])
def test_what_winds_is_no_wind(shows: str) -> None:
    assert "wind" not in see(shows, "spring").weather
    assert "wind" in see("a spring wind scatters petals", "spring").weather


def test_what_stands_far_below_a_mountain_says_nothing_of_the_mountain() -> None:
    assert not see("an old house stands far below a mountain", "winter").says("far", "mountain")
    assert see("a dark still pond", "winter").says("dark", "pond")
