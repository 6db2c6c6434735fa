"""What msgspec finds wrong, in words for people who write JSON and know no Python."""

import re

_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}
_QUOTED = re.compile(r"`([a-z]+(?: \| [a-z]+)*)`")
_BOUNDS = {
    " of length >= ": " with a length of at least ",
    " of length <= ": " with a length of at most ",
    " >= ": " of at least ",
    " <= ": " of at most ",
}


def plain_words(says: str) -> str:
    """ "Expected `int` >= 0" becomes "Expected a whole number of at least 0"; what is plain already stays."""
    if not says.startswith("Expected "):
        return says
    for sign, words in _BOUNDS.items():
        says = says.replace(sign, words)
    return _QUOTED.sub(lambda types: " or ".join(_TYPES.get(name, name) for name in types[1].split(" | ")), says)
