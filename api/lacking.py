"""What to ask for when a learner wants a poem illustrated: only what is missing, where a part of it is there."""

from collections.abc import Iterator, Sequence

from api.fold_haiku import LineMedia
from core.contracts.haiku import Describe, Poem
from core.contracts.job import Ask
from core.illustrations import illustrations, painting, saying


def lacking(poem: Poem, media: Sequence[LineMedia], seed: int) -> tuple[Ask, ...]:
    """All of it anew when nothing is missing: whoever asks then wants others."""
    begun = any(line.picture or line.voice for line in media)
    if not begun or all(line.is_complete for line in media):
        return illustrations(poem, seed)
    return (*_paintings(poem, media, seed), *_sayings(poem, media))


def _paintings(poem: Poem, media: Sequence[LineMedia], seed: int) -> Iterator[Ask]:
    scenes = [line.scene for line in media if line.picture is None]
    if None in scenes:
        yield Describe(poem, seed)
    else:
        yield from (painting(scene, poem, seed) for scene in scenes if scene)


def _sayings(poem: Poem, media: Sequence[LineMedia]) -> Iterator[Ask]:
    for number, (line, made) in enumerate(zip(poem.lines, media, strict=True), 1):
        if made.voice is None:
            yield saying(number, line)
