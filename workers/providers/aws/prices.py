"""What a call costs: usage times the price table, in millionths of a US dollar."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

_GEOGRAPHY = re.compile(r"^(?:us|us-gov|eu|apac|jp|au|ca|global)\.")
"""A cross-region inference profile is named by its geography and the model, and priced as the model."""


class Tokens(Struct, frozen=True):
    """A million of each."""

    input: int
    output: int


class Prices(Struct, frozen=True):
    """A price table, and where it comes from."""

    version: str
    date: date
    source: str
    tokens: dict[str, Tokens]
    images: dict[str, int]
    characters: dict[str, int]

    def price(self, model: str, usage: Mapping[str, int]) -> int | None:
        """Rounded up, so that what costs something is never free. None for a model, or a usage, nobody told the price of."""
        name = _GEOGRAPHY.sub("", model)
        if (tokens := self.tokens.get(name)) and usage.keys() >= {"input_tokens", "output_tokens"}:
            return _up(usage["input_tokens"] * tokens.input + usage["output_tokens"] * tokens.output)
        if (image := self.images.get(name)) is not None and "images" in usage:
            return usage["images"] * image
        if (million := self.characters.get(name)) is not None and "characters" in usage:
            return _up(usage["characters"] * million)
        return None


@cache
def read_prices() -> Prices:
    """Raises msgspec.ValidationError for a table that does not say all it must."""
    table = tomllib.loads(Path(__file__).with_name("prices.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table, Prices)


def _up(millionths_of_microusd: int) -> int:
    return -(-millionths_of_microusd // 1_000_000)
