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
_MOMENT = "This is not a time such as 2026-11-26T09:00:00Z"
_SPELT = {"Invalid RFC3339 encoded datetime": _MOMENT, "Expected `datetime` with a timezone component": _MOMENT}
_FORMS = {"^[a-z-]{1,50}$": "of 1 to 50 small letters and hyphens, such as crash-loop"}
_FORM = re.compile(r" matching regex '(.*)'")


def plain_words(says: str) -> str:
    """ "Expected `int` >= 0" becomes "Expected a whole number of at least 0"; what is plain already stays."""
    if says in _SPELT:
        return _SPELT[says]
    if not says.startswith("Expected "):
        return says
    for sign, words in _BOUNDS.items():
        says = says.replace(sign, words)
    says = _FORM.sub(lambda form: f" {_FORMS.get(form[1], 'of another form')}", says)
    return _QUOTED.sub(lambda types: " or ".join(_TYPES.get(name, name) for name in types[1].split(" | ")), says)
