"""Which jobs illustrate a poem: asked for by a worker when a draft is done, or by a learner who agrees later."""

from core.contracts.haiku import Describe, Line, Poem, Scene
from core.contracts.image import Paint
from core.contracts.job import Ask
from core.contracts.speech import Say


def illustrations(poem: Poem, seed: int) -> tuple[Ask, ...]:
    """One call that sees all three lines, and a recording of each; the pictures follow the descriptions."""
    return Describe(poem, seed), *(saying(number, line) for number, line in enumerate(poem.lines, 1))


def saying(number: int, line: Line) -> Say:
    return Say(number, line.japanese, line.pronunciation)


def painting(scene: Scene, poem: Poem, seed: int) -> Paint:
    line = poem.lines[scene.number - 1]
    return Paint(scene, poem.season, calligraphy=(line.japanese,), seed=seed + scene.number)
