"""Which sketches the words of a scene name, and which of them stand far off."""

from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.together import BRIDGES, SURFACES, indoors, outdoors

_BUILT = {
    "town": frozenset({"house", "shop", "shops", "lantern", "lanterns"}),
    "slope": frozenset({"gate", "paving", "stone", "wall"}),
    "path": frozenset({"paving"}),
    "garden": frozenset({"paving"}),
}
"""What is already painted with the setting; a bridge always is, for it hangs in its water."""

ON_ITS_OWN = frozenset({"breakwater", "lighthouse", "train_bridge"})
"""Far things that bring their ground with them."""


def named_on(stage: Stage) -> tuple[str, ...]:
    """The sketches of what is named; what stands on a table is seen so near that the table is the picture's own lower edge."""
    if stage.indoors:
        things = indoors(stage.view.things)
        return tuple(name for name in things if name not in SURFACES) or things
    built = BRIDGES | _BUILT.get(stage.view.setting, frozenset())
    return tuple(name for name in outdoors(stage.view.things) if name not in built)


def needs_ground(stage: Stage) -> bool:
    """Whether anything stands far off that does not bring its own ground."""
    return any(sketches()[name].stand == "far" and name not in ON_ITS_OWN for name in named_on(stage))


def is_far(stage: Stage) -> bool:
    """Whether anything of what is named stands far off."""
    return any(sketches()[name].stand == "far" for name in named_on(stage))
