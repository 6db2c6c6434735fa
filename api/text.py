"""What a learner writes, made clean or refused: text goes to a model, into rows and onto a page."""

import unicodedata

from core.errors import Flaw, Invalid

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Every Bidi_Control of Unicode (UAX 9): they make text read otherwise than it is stored."""

_INVISIBLE = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
"""They show nothing and hide words from whoever searches; joiners stay, emoji and some scripts need them."""

_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that show nothing."""

_BREAKS = frozenset("\n\r\x85\u2028\u2029")

_REFUSED = {
    "Cc": "control characters",
    "Cs": "half characters (lone surrogates)",
    "Co": "private-use characters",
    "Cn": "characters that do not exist",
}


def clean_text(text: str, pointer: str, max_chars: int) -> str:
    """NFC without outer spaces, 1 to `max_chars` characters. Raises Invalid with `pointer` for anything nobody would write."""
    for character in text:
        if reason := _refusal(character):
            raise _invalid(pointer, f"It contains {reason}.")
    clean = unicodedata.normalize("NFC", text).strip()
    if len(clean) > max_chars:
        raise _invalid(pointer, f"It has {len(clean)} characters; at most {max_chars} are taken.")
    if not any(_is_visible(character) for character in clean):
        raise _invalid(pointer, "It is empty.")
    return clean


def _refusal(character: str) -> str | None:
    if character in _BIDI:
        return "direction controls"
    if character in _INVISIBLE:
        return "invisible characters"
    # Tag characters say things to models that people cannot see.
    if "\U000e0000" <= character <= "\U000e007f":
        return "invisible tag characters"
    if character in _BREAKS:
        return "a line break"
    if character == "\t":
        return "a tab"
    return _REFUSED.get(unicodedata.category(character))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK


def _invalid(pointer: str, detail: str) -> Invalid:
    return Invalid(f"The text cannot be taken: {detail[0].lower()}{detail[1:]}", [Flaw(pointer, detail)])
