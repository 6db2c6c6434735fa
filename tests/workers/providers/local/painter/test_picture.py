"""One picture: its size, its repeatability, and that it shows what it was asked for."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import apart, ask_for, pixels
from workers.providers.local.painter.compose import picture

CLEARLY = 12.0
"""Of 255. The same scene with another seed lies near 20, two scenes of one poem above 25."""


@pytest.mark.parametrize(("width", "height"), [(256, 256), (400, 300), (300, 420)])
def test_a_picture_has_the_size_it_was_asked_for(width: int, height: int) -> None:
    ask = ask_for(side=256)
    ask = type(ask)(ask.scene, ask.season, ask.calligraphy, ask.seed, width, height)

    png = picture(ask)

    assert png.startswith(b"\x89PNG")
    assert pixels(png).shape == (height, width, 3)


def test_the_same_ask_is_the_same_picture_byte_for_byte() -> None:
    assert picture(ask_for(seed=5)) == picture(ask_for(seed=5))


def test_another_seed_is_another_picture() -> None:
    assert apart(picture(ask_for(seed=5)), picture(ask_for(seed=6))) > CLEARLY / 2


def test_the_pictures_of_one_poem_differ_clearly() -> None:
    shows = ["a chair stands in an empty room", "one white wave curls over in the sea", "a red maple beside a path"]

    pictures = [picture(ask_for(scene, number=number, light="autumn")) for number, scene in enumerate(shows, 1)]

    assert min(apart(one, other) for one, other in combinations(pictures, 2)) > CLEARLY


def test_the_pictures_of_one_poem_differ_even_when_they_show_the_same() -> None:
    pictures = [picture(ask_for(number=number)) for number in (1, 2, 3)]

    assert min(apart(one, other) for one, other in combinations(pictures, 2)) > CLEARLY


@pytest.mark.parametrize("season", ["spring", "autumn"])
def test_three_paths_of_one_poem_are_three_places(season: Season) -> None:
    paths = [picture(ask_for("a lone figure walks a path", season=season, light=season, number=n, seed=7)) for n in (1, 2, 3)]

    assert min(apart(one, other) for one, other in combinations(paths, 2)) > CLEARLY


def test_night_is_darker_than_day() -> None:
    day, night = (pixels(picture(ask_for("a path crosses a field", light=f"autumn {hour}"))) for hour in ("day", "night"))

    middle = slice(80, 176)
    assert night[middle, middle].mean() < day[middle, middle].mean() - 25


@pytest.mark.parametrize(
    ("season", "shows", "channel"), [("autumn", "a red maple stands by a path", 0), ("summer", "bamboo stands by a path", 1)]
)
def test_a_season_shows_its_colour(season: Season, shows: str, channel: int) -> None:
    image = pixels(picture(ask_for(shows, season=season, light=f"{season} day", number=1, calligraphy=())))

    others = [image[..., other] for other in range(3) if other != channel]

    assert (image[..., channel] - sum(others) / 2 > 8).mean() > 0.01


def test_young_grass_is_greener_than_other_grass() -> None:
    young, old = (
        pixels(picture(ask_for(f"{age} grass covers a low hill", season="spring", light="spring day", calligraphy=())))[-70:-20]
        for age in ("young", "wild")
    )

    def green(image: NDArray[np.float64]) -> float:
        return float((image[..., 1] - image[..., [0, 2]].mean(axis=2)).mean())

    assert green(young) > 1.5 * green(old)


def test_a_clear_sky_is_blue_in_autumn() -> None:
    clear, other = (
        pixels(picture(ask_for(f"a {sky} sky opens above one small roof", light="autumn day", calligraphy=())))[30:70, 60:196]
        for sky in ("clear", "wide")
    )

    assert (clear[..., 2] - clear[..., 0]).mean() > (other[..., 2] - other[..., 0]).mean() + 20


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("shows", ["a bridge spans a river", "an old house stands beside a lake"])
def test_what_stands_by_the_water_hangs_in_it(number: int, shows: str) -> None:
    ask = ask_for(shows, season="summer", light="summer day", number=number, calligraphy=())
    gray = pixels(picture(ask)).mean(axis=2)[:, 60:196]
    rows = range(120, 176)

    alike = max(float(np.corrcoef(gray[row - 50 : row].ravel(), gray[row : row + 50][::-1].ravel())[0, 1]) for row in rows)

    assert alike > 0.6


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("view", ["lake", "sea"])
def test_a_window_on_water_shows_no_lawn(view: str, number: int) -> None:
    water, garden = (
        pixels(
            picture(ask_for(f"a window opens on the {out}", season="summer", light="summer day", number=number, calligraphy=()))
        )
        for out in (view, "hills")
    )

    def green(image: NDArray[np.float64]) -> float:
        lower = image[168:182, 100:150]
        return float((lower[..., 1] - lower[..., 2]).mean())

    assert green(water) < green(garden) - 4


@pytest.mark.parametrize("number", [1, 2, 3])
def test_pines_stand_dark_before_the_mist(number: int) -> None:
    ask = ask_for("mist hides all but the tops of the pine trees", light="autumn, mist", number=number, calligraphy=())

    assert (pixels(picture(ask)).mean(axis=2) < 60).mean() > 0.015


def test_snow_lies_white_on_both_banks_of_a_river() -> None:
    ask = ask_for("snow falls on a broad river", season="winter", light="winter day, snow", number=1, calligraphy=())

    gray = pixels(picture(ask)).mean(axis=2)[170:230]
    assert np.median(gray[:, 16:60]) > 215
    assert np.median(gray[:, 190:240]) > 215


def test_words_nobody_taught_the_painter_still_make_a_picture() -> None:
    assert pixels(picture(ask_for("zxcvb qwertz"))).std() > 10
