"""What a call costs: usage times the price table, in millionths of a US dollar."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from core.contracts.budget import Expected

MILLION = 1_000_000


class Tokens(Struct, frozen=True):
    """A million of each."""

    input: int
    output: int


class Prices(Struct, frozen=True):
    """A price table, and where it comes from."""

    version: str
    date: date
    source: str
    profiles_priced_as_their_model: list[str]
    tokens: dict[str, Tokens]
    images: dict[str, int]
    characters: dict[str, int]
    guardrail_units: dict[str, int]

    def price(self, model: str, usage: Mapping[str, int]) -> int | None:
        """Rounded up, so that what costs something is never free. None for a model, or a usage, nobody told the price of."""
        counted = {unit: amount for unit, amount in usage.items() if not unit.endswith("_units")}
        prices = [self._of_model(self._listed(model), counted), *self._of_guardrail(usage)]
        known = [price for price in prices if price is not None]
        return _up(sum(known)) if len(known) == len(prices) else None

    def priced(self, model: str, usage: Mapping[str, int]) -> Expected:
        """What that costs and which table says so; a price nobody knows stands in none."""
        price = self.price(model, usage)
        return Expected(price, None if price is None else self.version)

    def _listed(self, model: str) -> str:
        """The name its price stands under. A cross-region inference profile is named by its geography and the model."""
        geography, _, inner = model.partition(".")
        return inner if model not in self.tokens and geography in self.profiles_priced_as_their_model else model

    def _of_model(self, name: str, usage: Mapping[str, int]) -> int | None:
        """In millionths of a millionth."""
        if (tokens := self.tokens.get(name)) and usage.keys() >= {"input_tokens", "output_tokens"}:
            return usage["input_tokens"] * tokens.input + usage["output_tokens"] * tokens.output
        if (image := self.images.get(name)) is not None and "images" in usage:
            return usage["images"] * image * MILLION
        if (million := self.characters.get(name)) is not None and "characters" in usage:
            return usage["characters"] * million
        return None

    def _of_guardrail(self, usage: Mapping[str, int]) -> Iterator[int | None]:
        """In millionths of a millionth, for each of its policies."""
        for unit, amount in usage.items():
            if unit.endswith("_units"):
                each = self.guardrail_units.get(unit)
                yield None if each is None else amount * each * MILLION


@cache
def read_prices() -> Prices:
    """Raises msgspec.ValidationError for a table that does not say all it must."""
    table = tomllib.loads(Path(__file__).with_name("prices.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table, Prices)


def _up(millionths_of_microusd: int) -> int:
    return -(-millionths_of_microusd // MILLION)
