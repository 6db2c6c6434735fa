"""Which jobs illustrate a poem: asked for by a worker when a draft is done, or by a learner who agrees later."""

from core.contracts.haiku import Describe, Poem
from core.contracts.job import Ask
from core.contracts.speech import Say


def illustrations(poem: Poem, seed: int) -> tuple[Ask, ...]:
    """One call that sees all three lines, and a recording of each; the pictures follow the descriptions."""
    sayings = (Say(number, line.japanese, line.pronunciation) for number, line in enumerate(poem.lines, 1))
    return Describe(poem, seed), *sayings
