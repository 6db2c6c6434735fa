"""Know when a poem stays as it is: when it was only asked about, when it is all true already, when nothing can be done."""

from msgspec import Struct

from core.contracts.haiku import Poem
from workers.providers.local.poet.anthology import Anthology
from workers.providers.local.poet.meet import holds
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.wishes import Wish

NEAR = 0.6
"""From here on a phrase and a tag really mean something alike."""


class Unchanged(Struct, frozen=True):
    """Why a poem stays: what it meets already, what is out of reach, what was only asked, whether it was liked."""

    held: tuple[Wish, ...]
    unmet: tuple[Wish, ...]
    asked: tuple[str, ...]
    liked: bool


def why_unchanged(newest: tuple[Wish, ...], poem: Poem, anthology: Anthology, subjects: Subjects) -> Unchanged | None:
    """None when the newest turn leaves something to do; a turn nobody understood does not."""
    wishes = [wish for wish in newest if wish.kind not in ("ask", "stay")]
    held = tuple(wish for wish in wishes if holds(anthology, wish, poem))
    unmet = tuple(wish for wish in wishes if wish.kind == "about" and not _is_in_reach(wish.value, anthology, subjects))
    if len(held) + len(unmet) < len(wishes):
        return None
    asked = tuple(wish.value for wish in newest if wish.kind == "ask")
    return Unchanged(held, unmet, asked, liked=Wish("stay") in newest)


def _is_in_reach(text: str, anthology: Anthology, subjects: Subjects) -> bool:
    return any(anthology.nearness(phrase).max() >= NEAR for phrase in subjects.phrases(text)[:1])
