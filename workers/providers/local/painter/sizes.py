"""How large each named thing is drawn: in a room as large as it is, outdoors nearer or further, people never larger."""

from workers.providers.local.painter.named import is_far, named_on
from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.together import ANIMALS, FLYING, PEOPLE

_CLOSEST, _FILLS = 3.2, 30
"""A centimetre indoors, in units: at most so large, and such that the largest thing there is so many units large."""

_WIDE = 0.6
"""How much a wide thing's width counts beside its height."""

_LONE_ANIMAL = 0.62
"""What is left of a cat or a dog out of doors, where people are a tenth of the picture high."""

_IN_STREETS = 1.5
"""How much larger people are in a street, which one sees from within."""

_BESIDE_ANIMALS = 0.075
"""A centimetre of a cat or a dog beside people, in units: a little more than theirs, or nobody would see it."""

_ON_A_WAY = 1.25
"""How much larger people are whose way is all there is beside them."""

_FAR_HOUSE = (0.58, 0.84, 0.7)
"""How large a house is in each shot: two of them in one poem are never the same house twice."""

_AT_HOME = {"gate": 1.3, "house": 1.6, "new_year_gate": 1.25}
"""How much larger is what one sees from its own yard; less so beside a tree, which needs its room."""

_HOME = 1.18
"""How large at most."""

_FAR_OFF = 0.9
"""What is far grows no nearer with the shot, or a house stands as high as its mountain."""


def size_of(stage: Stage, name: str) -> float:
    """Its height in pixels. In a room all is as large as it is; outdoors near and single things are larger, people never."""
    unit, sketch = stage.sheet.unit, sketches()[name]
    if stage.indoors:
        return sketch.tall * _centimetre(stage) * unit
    if sketch.stand == "far":
        return sketch.size * unit * _far(stage, name)
    return _near(stage, name, sketch.size * unit * stage.shot.near)


def _near(stage: Stage, name: str, size: float) -> float:
    alone = len(stage.view.things) == 1
    on_a_way = _ON_A_WAY if stage.view.setting == "path" and not is_far(stage) else 1.0
    if name in PEOPLE:
        return size * (_IN_STREETS if stage.view.setting == "town" else on_a_way * (1.2 if alone else 1.0))
    if name in FLYING:
        return size
    sketch = sketches()[name]
    if name in ANIMALS and PEOPLE.intersection(stage.view.things):
        return sketch.tall * _BESIDE_ANIMALS * stage.sheet.unit * stage.shot.near * on_a_way
    beside = (0.45 if sketch.stand == "table" else 0.75) if PEOPLE.intersection(stage.view.things) else 1.0
    if name in ANIMALS:
        return size * _LONE_ANIMAL
    grows = alone and sketch.size < 22 and sketch.stand != "water"
    return min(size * beside * (1.2 if alone else 1.0) * (1.3 if grows else 1.0), 0.5 * stage.sheet.height)


def _centimetre(stage: Stage) -> float:
    """How large a centimetre is drawn in a room, in units."""
    here = [sketches()[name] for name in named_on(stage)]
    reach = max(max(sketch.tall, _WIDE * sketch.tall * sketch.wide / 50) for sketch in here)
    return min(_CLOSEST * stage.closeness, _FILLS / reach)


def _far(stage: Stage, name: str) -> float:
    share = _FAR_HOUSE[stage.shot.number] if name == "house" else _FAR_OFF
    if stage.view.setting == "garden" and name in _AT_HOME:
        nearer = 1 + (_AT_HOME[name] - 1) * (0.4 if stage.view.plants else 1.0)
        share = min(nearer * share, _HOME) * (0.75 if "small" in stage.view.words else 1.0)
    up_there = "far" in stage.view.words or {"path", "hill"} <= stage.view.words
    return share * (0.72 if up_there else 1.0)
