"""The list of every ask: a job row's kind and input become the typed ask again."""

import msgspec

from core.contracts.haiku import Compose, Describe
from core.contracts.image import Paint
from core.contracts.job import Ask
from core.contracts.speech import Say
from core.contracts.upload import Check

ASKS: dict[str, type[Ask]] = {ask.kind: ask for ask in (Compose, Describe, Paint, Say, Check)}


RENEWING = tuple(kind for kind, ask in ASKS.items() if ask.renews)


def encode_ask(ask: Ask) -> str:
    return msgspec.json.encode(ask).decode()


def decode_ask(kind: str, raw: str | bytes) -> Ask:
    """Raises KeyError for a kind this version does not know, msgspec.ValidationError for an input it cannot read."""
    return msgspec.json.decode(raw, type=ASKS[kind])
