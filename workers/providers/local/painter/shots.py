"""How near and from which side a line's picture is seen, so that no two pictures of a poem are alike."""

from msgspec import Struct


class Shot(Struct, frozen=True):
    """`near` multiplies the size of what stands there; `focus` is where it stands when the poem leaves room and when not.

    `lower` shifts the horizon down, a share of the height. `number` runs from 0 to 2.
    """

    number: int
    near: float
    focus: tuple[float, float]
    lower: float


_SHOTS = (
    Shot(0, 0.95, (0.34, 0.38), 0.0),
    Shot(1, 1.25, (0.47, 0.54), 0.05),
    Shot(2, 1.08, (0.40, 0.46), -0.05),
)


def choose(poem: int, number: int) -> Shot:
    """The order of far, near and between is the poem's; `poem` may be any number."""
    return _SHOTS[(poem // 9 + number) % 3]
