"""Write tag_vectors.npz again after the tags of the bank changed: `python -m workers.providers.local.poet.embed_tags`."""

import numpy as np

from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.fragments import read_bank
from workers.providers.local.poet.tag_vectors import KEPT, all_tags


def embed_tags(minilm: MiniLM) -> None:
    """Half precision is exact enough: a nearness moves by less than 0.001."""
    tags = all_tags(read_bank())
    np.savez_compressed(KEPT, tags=np.array(tags), vectors=minilm.embed(tags).astype(np.float16))


if __name__ == "__main__":
    embed_tags(MiniLM())
