"""What every tag of the bank means, as MiniLM sees it, kept in tag_vectors.npz so that no worker waits for it."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from msgspec import Struct

from workers.providers.local.minilm.bert import Vectors
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.fragments import Bank, Fragment

KEPT = Path(__file__).with_suffix(".npz")


class TagVectors(Struct, frozen=True):
    """A unit vector for each tag, in the order of the tags."""

    tags: tuple[str, ...]
    vectors: Vectors

    def with_tags(self, tags: Iterable[str], minilm: MiniLM) -> "TagVectors":
        new = [tag for tag in dict.fromkeys(tags) if tag not in self.tags]
        return TagVectors((*self.tags, *new), np.concatenate([self.vectors, minilm.embed(new)])) if new else self


def tags_of(fragment: Fragment) -> tuple[str, ...]:
    """All a fragment is about; what its season word means comes first, the season itself last."""
    return (fragment.season_name, *fragment.tags, fragment.season) if fragment.season else fragment.tags


def all_tags(bank: Bank) -> tuple[str, ...]:
    return tuple(sorted({tag for slot in bank.slots for fragment in slot for tag in tags_of(fragment)}))


def read_tag_vectors() -> TagVectors:
    """As embed_tags.py wrote them."""
    with np.load(KEPT) as kept:
        return TagVectors(tuple(kept["tags"].tolist()), kept["vectors"].astype(np.float32))
