"""Things named together are one thing: a cap is on its child's head, a train on its bridge, hands belong to somebody."""

from collections.abc import Sequence

from workers.providers.local.painter.sketch import sketches

PEOPLE = frozenset(
    {"child", "child_cap", "children", "couple", "crowd", "elder", "elders", "farmer", "figure", "lifting", "meeting", "reader"}
    | {"sitting", "sitting_pair", "student", "students", "traveler", "two_children", "umbrella_pair", "umbrella_walker"}
    | {"dog_runner", "walker", "walkers", "walking_child"}
)
ANIMALS = frozenset({"black_cat", "calico", "cat", "cats", "dog", "old_dog", "puppy"})
FLYING = frozenset({"bird", "birds", "flock", "geese", "swallow", "swallows", "white_birds"})
"""They stay as small as they are however few there are, and above the hills."""
SURFACES = frozenset({"table", "desk", "wall"})
WARM = frozenset({"warm", "hot", "steam", "steams", "steaming", "rises", "fresh"})
"""Only what is said to be warm steams: a bowl of ice does not."""
_PAIRS = frozenset({"couple", "walkers"})
BRIDGES = frozenset({"bridge", "bridge_pair", "bridge_walker"})
_CARRYING = {"bag": "traveler", "umbrella": "umbrella_walker", "letter": "reader", "book": "reader"}
_WORN = frozenset({"hat", "bag", "umbrella", "broom", "doll", "cushion", "sandals", "sitter"})
_INDOORS = {
    **dict.fromkeys(("elder", "figure", "sitting", "reader", "walker", "traveler"), "sitter"),
    **dict.fromkeys(("couple", "elders", "walkers"), "sitting_pair"),
    "lantern": "hanging_lantern",
}


def outdoors(things: tuple[str, ...]) -> tuple[str, ...]:
    """What people carry in their hands and on their heads goes into their own picture; what is too small to see goes."""
    people = _dressed(things)
    if "new_year_gate" in things:
        things = tuple(thing for thing in things if thing != "gate")
    if "moored_boat" in things:
        things = tuple(thing for thing in things if thing not in ("boat", "boats", "empty_boat"))
    if "bridge" in things and people:
        return ("bridge_pair",) if _PAIRS.intersection(people) else ("bridge_walker",)
    if "running_dog" in things and {"figure", "walker"}.intersection(people):
        return ("dog_runner",)
    # A shop's own hangs under its eaves.
    if "shop" in things:
        things = tuple(thing for thing in things if thing != "lantern")
    if "house" in things:
        things = tuple(thing for thing in things if thing not in ("lamp", "candle"))
    if {"child", "kite"} <= set(things):
        return ("kite_flyer",)
    if not people:
        return _bridged(tuple("sitting" if thing == "sitter" else thing for thing in things))
    others = [thing for thing in things if thing not in PEOPLE | _WORN and sketches()[thing].stand != "table"]
    return tuple(dict.fromkeys((*people, *_bridged(tuple(others)))))


def indoors(things: Sequence[str]) -> tuple[str, ...]:
    """Whoever is in a room sits on its floor, and has hands; a lantern hangs, a brush brings its paper."""
    written = "inkstone" in things
    return tuple(dict.fromkeys(_INDOORS.get(thing, thing) for thing in things if not (written and thing == "paper")))


def _dressed(things: Sequence[str]) -> tuple[str, ...]:
    people = tuple(thing for thing in things if thing in PEOPLE)
    if "umbrella_walker" in people:
        return ("umbrella_pair" if _PAIRS.intersection(people) else "umbrella_walker",)
    if "hat" in things:
        people = tuple("child_cap" if person in ("child", "walking_child") else person for person in people)
    if people and people[0] in ("figure", "walker"):
        carried = next((_CARRYING[thing] for thing in things if thing in _CARRYING), people[0])
        return (carried, *people[1:])
    return people


def _bridged(things: tuple[str, ...]) -> tuple[str, ...]:
    if not {"train", "bridge"} <= set(things):
        return things
    return ("train_bridge", *(thing for thing in things if thing not in ("train", "bridge")))
