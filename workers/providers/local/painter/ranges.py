"""The country behind: what shape its hills have, so that no two pictures of a poem lie in the same one."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Floats
from workers.providers.local.painter.noise import Plane, ridge
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.texture import Hand

Crest = Callable[[Sheet, float], Plane]
"""Heights for each column, about 1 at its highest; the number, from 0 to 1, is where its highest hill stands."""


class Country(Struct, frozen=True):
    """`near` and `far` are the crests of the nearest range and of the furthest, `between` of those between, if it is another's;
    `share` is how high, of what a picture has room for.

    `mist` is how much of each foot is lost and `tone` how much ink it is given, 1 as a rule; `hand` textures its rock.
    """

    name: str
    near: Crest
    far: Crest
    share: float = 1.0
    mist: float = 1.0
    tone: float = 1.0
    hand: Hand = "hemp"
    between: Crest | None = None


def _across(sheet: Sheet) -> Plane:
    return np.linspace(0, 1, sheet.width, dtype=np.float32)


def _rough(sheet: Sheet, cell: float, amount: float) -> Plane:
    return np.asarray(ridge(sheet.chance, sheet.width, cell * sheet.unit, 7, 0.52) * amount, dtype=np.float32)


def _swell(sheet: Sheet, peak: float) -> Plane:
    """Two shoulders and much between them."""
    x = _across(sheet)
    swell = 0.45 + 0.75 * np.exp(-(((x - peak) / 0.2) ** 2)) + 0.35 * np.exp(-(((x - (peak + 0.45) % 1) / 0.13) ** 2))
    return np.asarray(swell + _rough(sheet, 30, 0.26), dtype=np.float32)


def _joined(backs: Floats) -> Floats:
    """The highest of them, with saddles between: a sharp notch would look like two panes of glass."""
    return np.asarray((backs**5).sum(axis=0) ** 0.2)


def _round(sheet: Sheet, peak: float) -> Plane:
    """Broad backs one before the other, each steeper to one side."""
    x, count = _across(sheet), 6
    middle = np.linspace(-0.1, 1.1, count) + sheet.chance.uniform(-0.08, 0.08, count)
    wide = sheet.chance.uniform(0.16, 0.28, count)
    high = sheet.chance.uniform(0.45, 0.75, count) + 0.4 * np.exp(-(((middle - peak) / 0.2) ** 2))
    steep = np.where(x < middle[:, None], *sheet.chance.permutation([0.75, 1.35]))
    domes = high[:, None] * np.exp(-(((x - middle[:, None]) / (0.8 * wide[:, None] * steep)) ** 2))
    return np.asarray(0.12 + _joined(domes) + _rough(sheet, 22, 0.09), dtype=np.float32)


def _peaks(sheet: Sheet, peak: float) -> Plane:
    """Sharp teeth of rock."""
    teeth = 1 - np.abs(ridge(sheet.chance, sheet.width, 26 * sheet.unit, 5, 0.48)).clip(0, 1)
    return np.asarray((0.32 + 0.62 * np.exp(-(((_across(sheet) - peak) / 0.3) ** 2))) * (0.35 + teeth), dtype=np.float32)


def _mass(sheet: Sheet, peak: float) -> Plane:
    """One mountain that fills the picture, its sides long and concave."""
    side = np.clip(1 - np.abs(_across(sheet) - (0.3 + 0.4 * peak)) / 0.72, 0, 1) ** 1.5
    return np.asarray(0.12 + 1.2 * side + _rough(sheet, 20, 0.12) * (0.35 + side), dtype=np.float32)


def _low(sheet: Sheet, peak: float) -> Plane:
    """Hardly a rise where the plain ends."""
    return np.asarray(0.2 + 0.12 * np.exp(-(((_across(sheet) - peak) / 0.25) ** 2)) + _rough(sheet, 40, 0.05), dtype=np.float32)


def _slope(sheet: Sheet, peak: float) -> Plane:
    """One long fall from a side of the picture, which a ridge enters there."""
    away = _across(sheet) if peak < 0.5 else 1 - _across(sheet)
    return np.asarray(0.14 + 1.25 * np.exp(-((away / 0.46) ** 1.6)) + _rough(sheet, 22, 0.09), dtype=np.float32)


def _spur(sheet: Sheet, peak: float) -> Plane:
    """What runs out from the foot of a mountain, from one side: a second summit before it would be its echo."""
    away = _across(sheet) if peak < 0.5 else 1 - _across(sheet)
    shoulder = 0.62 * np.exp(-((away / 0.5) ** 2)) + 0.2 * np.exp(-(((away - 0.42) / 0.16) ** 2))
    return np.asarray(0.16 + shoulder + _rough(sheet, 22, 0.09), dtype=np.float32)


def flank(sheet: Sheet, peak: float) -> Plane:
    """One side of a valley: from high at the picture's edge down to its floor, which it reaches past the middle."""
    away = _across(sheet) if peak < 0.5 else 1 - _across(sheet)
    fall = np.clip(1 - away / 0.78, 0, 1) ** 1.25
    return np.asarray(fall + _rough(sheet, 24, 0.1) * (0.25 + fall), dtype=np.float32)


def _cliff(sheet: Sheet, peak: float) -> Plane:
    """High ground that rises to a brow and breaks off, a shoulder below it, scree that runs out."""
    away = _across(sheet) if peak < 0.5 else 1 - _across(sheet)
    brow, shoulder = sheet.chance.uniform(0.2, 0.28), sheet.chance.uniform(0.1, 0.2)
    worn = away + _rough(sheet, 9, 0.016)
    top = (0.5 + 0.14 * np.exp(-(((away - 0.7 * brow) / 0.1) ** 2))) / (1 + np.exp((worn - brow) / 0.017))
    below = 0.3 / (1 + np.exp((worn - brow - shoulder) / 0.03))
    scree = 0.22 * np.exp(-np.clip(away - 0.8 * brow, 0, None) / 0.16)
    return np.asarray(0.08 + top + below + scree + _rough(sheet, 14, 0.07), dtype=np.float32)


SWELL = Country("ranges", _swell, _swell)
_ROUND = Country("round hills", _round, _round, 0.78, 0.8, 0.9, "dots")
_PEAKS = Country("peaks", _peaks, _peaks, 1.1, 1.1, 0.95, "axe")
MASS = Country("one mountain", _low, _mass, 1.1, between=_spur)
_PLAIN = Country("plain", _low, _low, 0.6, 1.2, 0.7, "dots")
_SLOPE = Country("near ridge", _slope, _round, 0.95, 0.75, 1.05, "dots")
_CLIFF = Country("cliff", _cliff, _low, 0.85, 0.9, 0.85, "axe")

_MOUNTAINS = (SWELL, MASS, _PEAKS, _SLOPE)
_MOUNTAIN = (MASS, _PEAKS, _SLOPE)
"""Where one mountain is named it must be the highest thing there."""
_HILLS = (_ROUND, SWELL, _SLOPE)
_NO_PLAIN = (_ROUND, SWELL, _SLOPE, MASS)
_COAST = (_CLIFF, _ROUND, _SLOPE)
_ANY = (_ROUND, _PLAIN, _SLOPE, SWELL, MASS, _CLIFF)
COUNTRIES = (*_ANY, _PEAKS)

_OF_MOUNTAINS = frozenset({"mountain", "mountains", "peak", "peaks", "ridge", "ridges", "summit", "valley", "steep"})


def choose(view: View, poem: int, number: int) -> Country:
    """Among those the words allow; the three pictures of a poem, any number, lie in three of them."""
    return _allowed(view)[(poem // 7 + number) % len(_allowed(view))]


def _allowed(view: View) -> tuple[Country, ...]:
    """No plain behind water or a field: its rim would be another ruled line; and a way leads somewhere, to hills."""
    water = view.setting in ("lake", "pond", "river") or "bridge" in view.things
    if view.setting in ("sea", "beach"):
        return _COAST
    if "mountain" in view.words and not view.words & {"mountains", "hills"}:
        # A roof before it hides the feet of teeth of rock, and leaves their points.
        return _MOUNTAIN[:1] if view.things else _MOUNTAIN
    if view.words & _OF_MOUNTAINS or view.setting in ("mountain", "valley", "fall", "snowfield"):
        return _MOUNTAINS
    if view.words & {"hill", "hills"}:
        return (_ROUND,) if "round" in view.words else _HILLS
    if view.room or view.setting in ("path", "avenue"):
        return _NO_PLAIN
    flat = water or view.setting == "field"
    return tuple(country for country in _ANY if not flat or country is not _PLAIN)
