"""A rule of the protocol that is broken on purpose, and the tests that must notice."""

from msgspec import Struct


class Mutation(Struct, frozen=True):
    """`before` stands exactly once in `file`; `tests` are what pytest is given, and every one of them must turn red."""

    rule: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
