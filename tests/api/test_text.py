"""What a learner may write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.text import clean_text
from core.errors import Invalid

GOOD = [
    "autumn rain",
    "秋の雨",
    "🍂",
    "👩‍👩‍👧",
    "I ♥ haiku!",
    "?",
    "Ω≠∅",
    "カエル と 池",
    "mit Umlauten: äöü",
    "שלום",
    "e\u0301",
]

BAD = {
    "nothing": "",
    "blanks": "   ",
    "a wide blank": "\u3000",
    "blanks nobody sees": "\u200b\u200d\ufeff",
    "a filler that shows nothing": "\u3164",
    "an empty braille cell": "\u2800",
    "a null": "rain\x00",
    "a line break": "rain\nsnow",
    "a tab": "rain\tsnow",
    "an escape": "\x1b[31mrain",
    "a C1 control": "rain\x85",
    "a direction override": "rain\u202esnow",
    "a direction mark": "rain\u200esnow",
    "an Arabic direction mark": "rain\u061csnow",
    "an invisible space": "ra\u200bin",
    "a byte order mark": "\ufeffrain",
    "an isolate": "rain\u2066snow",
    "a line separator": "rain\u2028snow",
    "a tag character": "rain\U000e0041",
    "a lone surrogate": "rain\ud800",
    "private use": "rain\ue000",
    "a character that does not exist": "rain\uffff",
    "too much": "x" * 201,
    "ten thousand": "雨" * 10_000,
}


@pytest.mark.parametrize("text", GOOD)
def test_what_people_write_is_taken(text: str) -> None:
    assert clean_text(f"  {text} ", "/topic", 200)


@pytest.mark.parametrize("text", ["rain\nsnow", "rain\r\nsnow", "rain\x85", "rain\u2028snow"])
def test_a_line_break_is_called_so(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_text(text, "/topic", 200)

    assert refused.value.flaws[0].detail == "It contains a line break."


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_what_nobody_writes_is_refused_with_a_pointer(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_text(text, "/topic", 200)

    (flaw,) = refused.value.flaws
    assert flaw.pointer == "/topic"
    assert flaw.detail.endswith(".")


def test_text_is_composed_and_trimmed() -> None:
    assert clean_text(" e\u0301te\u0301  ", "/topic", 200) == "été"


def test_the_longest_text_is_taken_whole() -> None:
    assert clean_text("雨" * 200, "/topic", 200) == "雨" * 200


@given(st.text(max_size=300))
def test_clean_text_is_clean_already(text: str) -> None:
    try:
        clean = clean_text(text, "/topic", 200)
    except Invalid:
        return

    assert clean_text(clean, "/topic", 200) == clean
    assert 1 <= len(clean) <= 200
    clean.encode()
