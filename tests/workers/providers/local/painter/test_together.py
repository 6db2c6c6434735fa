"""Things that are drawn as one."""

import pytest

from workers.providers.local.painter.sight import see
from workers.providers.local.painter.together import indoors, outdoors


@pytest.mark.parametrize(
    ("shows", "things"),
    [
        ("a child in a new cap walks to a gate", ("child_cap", "gate")),
        ("a traveler with one bag stands on a platform", ("traveler", "station")),
        ("a figure presses a letter to the chest", ("reader",)),
        ("two figures share one umbrella in the rain", ("umbrella_pair",)),
        ("one umbrella passes down a wet path", ("umbrella_walker",)),
        ("a train crosses a bridge below a mountain", ("train_bridge",)),
        ("a straw rope hangs on a gate", ("new_year_gate",)),
        ("a boat is tied to a wooden landing", ("moored_boat",)),
        ("a warm lamp glows in a house window", ("house",)),
        ("a child flies a kite on a hill", ("kite_flyer",)),
        ("a red lantern hangs before an old shop", ("shop",)),
        ("a dog runs beside a figure on a path", ("dog_runner",)),
    ],
)
def test_what_belongs_together_is_one_thing_out_of_doors(shows: str, things: tuple[str, ...]) -> None:
    assert outdoors(see(shows, "spring").things) == things


def test_a_hat_alone_stays_a_hat() -> None:
    assert outdoors(see("a straw hat lies on a path", "summer").things) == ("hat",)


def test_hands_in_a_room_belong_to_somebody_who_sits_there() -> None:
    assert indoors(see("two hands cup a warm bowl", "winter").things) == ("sitter", "bowl")


def test_whoever_is_on_a_bridge_stands_on_it() -> None:
    assert outdoors(see("a lone walker crosses a bridge", "summer").things) == ("bridge_walker",)
    assert outdoors(see("two figures stand on a bridge", "summer").things) == ("bridge_pair",)
