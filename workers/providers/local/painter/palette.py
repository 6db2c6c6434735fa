"""Colours of the seasons and hours: ink first, paper next, one accent."""

from msgspec import Struct
from msgspec.structs import replace

from core.contracts.haiku import Season
from workers.providers.local.painter.sheet import Colour

INK: Colour = (0.10, 0.10, 0.12)
WHITE: Colour = (0.985, 0.98, 0.965)
SEAL_RED: Colour = (0.70, 0.12, 0.09)
VERMILION: Colour = (0.80, 0.22, 0.13)

PIGMENTS: dict[str, Colour] = {
    "ink": INK,
    "dark": (0.24, 0.24, 0.27),
    "grey": (0.47, 0.48, 0.51),
    "pale": (0.74, 0.75, 0.77),
    "skin": (0.86, 0.70, 0.60),
    "paper": (0.955, 0.935, 0.89),
    "aged": (0.87, 0.79, 0.63),
    "white": WHITE,
    "red": (0.76, 0.22, 0.15),
    "rust": (0.69, 0.34, 0.18),
    "orange": (0.86, 0.47, 0.16),
    "ochre": (0.79, 0.62, 0.35),
    "gold": (0.90, 0.72, 0.32),
    "glow": (0.99, 0.83, 0.46),
    "brown": (0.46, 0.35, 0.27),
    "coffee": (0.25, 0.16, 0.11),
    "pink": (0.89, 0.60, 0.64),
    "green": (0.46, 0.55, 0.38),
    "moss": (0.36, 0.42, 0.31),
    "blue": (0.36, 0.46, 0.60),
    "indigo": (0.24, 0.30, 0.44),
    "violet": (0.52, 0.44, 0.62),
}
"""The paint box, by the names the sketches use."""


class Light(Struct, frozen=True):
    """What the air does to everything: paper, sky from top to horizon, the ink's own cast, and the ground's."""

    paper: Colour
    sky: Colour
    horizon: Colour
    ink: Colour
    ground: Colour
    dark: float = 0.0

    @property
    def dark_ink(self) -> Colour:
        """The same cast, ground thick: for what is near."""
        return mixed(self.ink, (0.06, 0.065, 0.08), 0.72)

    @property
    def ground_paper(self) -> Colour:
        """What bare paper looks like in this light: by night it is blue."""
        return mixed(self.paper, (0.42, 0.47, 0.58), 0.6) if self.dark > 0.5 else self.paper


_PAPER: dict[Season, Colour] = {
    "spring": (0.965, 0.945, 0.905),
    "summer": (0.95, 0.95, 0.915),
    "autumn": (0.955, 0.925, 0.865),
    "winter": (0.945, 0.945, 0.94),
    "new year": (0.965, 0.94, 0.895),
}
_SKY: dict[Season, Colour] = {
    "spring": (0.86, 0.87, 0.90),
    "summer": (0.73, 0.82, 0.87),
    "autumn": (0.79, 0.85, 0.90),
    "winter": (0.80, 0.83, 0.87),
    "new year": (0.90, 0.84, 0.78),
}
_INK: dict[Season, Colour] = {
    "spring": (0.33, 0.36, 0.42),
    "summer": (0.26, 0.38, 0.42),
    "autumn": (0.38, 0.35, 0.36),
    "winter": (0.34, 0.38, 0.46),
    "new year": (0.34, 0.35, 0.42),
}
_GROUND: dict[Season, Colour] = {
    "spring": (0.80, 0.82, 0.70),
    "summer": (0.72, 0.78, 0.66),
    "autumn": (0.84, 0.77, 0.64),
    "winter": (0.86, 0.88, 0.91),
    "new year": (0.86, 0.85, 0.83),
}
_HORIZON: dict[str, Colour] = {"dawn": (0.98, 0.80, 0.72), "dusk": (0.96, 0.70, 0.50), "night": (0.72, 0.75, 0.80)}
_HIGH: dict[str, Colour] = {"dawn": (0.80, 0.84, 0.93), "dusk": (0.72, 0.68, 0.76), "night": (0.24, 0.30, 0.43)}


_ACCENTS: tuple[tuple[Colour, float], ...] = (((1, 1, 1), 0.0), ((0.98, 0.80, 0.70), 0.75), ((0.72, 0.80, 0.84), 0.5))
"""What the horizon of a poem's pictures leans to, and how much."""


def light(season: Season, hour: str, accent: int = 0) -> Light:
    """`hour` is dawn, day, dusk or night; `accent` tells the three pictures of a poem apart."""
    paper, ink = _PAPER[season], _INK[season]
    sky, horizon = _HIGH.get(hour, _SKY[season]), _HORIZON.get(hour, paper)
    horizon = mixed(horizon, *_ACCENTS[accent])
    if hour == "night":
        return Light(
            paper, sky, horizon, mixed(ink, (0.13, 0.17, 0.27), 0.55), mixed(_GROUND[season], (0.45, 0.5, 0.6), 0.6), 1.0
        )
    return Light(paper, sky, horizon, ink, _GROUND[season], 0.35 if hour == "dusk" else 0.0)


_NIGHT_AIR: Colour = (0.20, 0.24, 0.36)


def seen_in(light: Light, colour: Colour, share: float = 0.55) -> Colour:
    """A colour at this hour: the darker it is, the more of the night's own blue lies over it."""
    return mixed(colour, _NIGHT_AIR, share * light.dark)


def greened(glow: Light) -> Light:
    """The light of a day on which the grass is new."""
    return replace(glow, ground=mixed(glow.ground, (0.64, 0.80, 0.40), 0.6))


def cleared(glow: Light) -> Light:
    """The light of a day without a cloud, when the sky is what one looks at."""
    return replace(glow, sky=mixed(glow.sky, (0.42, 0.63, 0.83), 0.75))


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` is the other's."""
    a, b, c = (x + (y - x) * share for x, y in zip(one, other, strict=True))
    return a, b, c
