"""What Polly is asked to speak: plain text or SSML becomes words, each with its place in the text and its kana."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from msgspec import Struct

from core.kana import to_hiragana
from local.fakes.complaint import Complaint

RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
NEURAL_TAGS = frozenset({"speak", "break", "lang", "mark", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
KANA_ALPHABETS = frozenset({"x-amz-pron-kana", "x-amz-yomigana"})

_PIECE = re.compile(r"\S+")
_NOT_KANA = re.compile(r"[^ぁ-ゖー]")
_SILENT = re.compile(r"[\s、。，．・「」『』！？!?,.…―—ー'’/-]*")


class Word(Struct, frozen=True):
    """`start` and `end` are bytes of the text as it was sent, as in a speech mark."""

    text: str
    kana: str
    start: int
    end: int


class Script(Struct, frozen=True):
    """`characters` are those Polly counts: none of the markup."""

    words: tuple[Word, ...]
    characters: int
    speed: float = 1.0


class _Piece(Struct, frozen=True):
    text: str
    start: int
    reading: str | None = None


def read_text(text: str) -> Script:
    return Script(tuple(_words(_Piece(text, 0))), len(text))


def read_ssml(text: str) -> Script:
    """Raises Complaint (InvalidSsmlException) for what is no SSML, or not what neural voices know."""
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Complaint("InvalidSsmlException", "Invalid SSML request") from error
    words = tuple(word for piece in reader.pieces for word in _words(piece))
    return Script(words, sum(len(piece.text) for piece in reader.pieces), reader.speed)


class _Reader:
    def __init__(self) -> None:
        self.pieces: list[_Piece] = []
        self.speed = 1.0
        self._reading: str | None = None
        self._is_first = True
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._hear
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in NEURAL_TAGS or (tag == "speak") != self._is_first:
            raise Complaint("InvalidSsmlException", f"Unsupported Neural feature or misplaced tag: {tag}")
        self._is_first = False
        if tag == "prosody":
            self.speed = _speed(attributes)
        elif tag == "phoneme":
            self._reading = _reading(attributes)

    def _end(self, tag: str) -> None:
        if tag == "phoneme":
            self._reading = None

    def _hear(self, text: str) -> None:
        self.pieces.append(_Piece(text, self.parser.CurrentByteIndex, self._reading))

    def _refuse(self, *_: object) -> None:
        raise Complaint("InvalidSsmlException", "Invalid SSML request")


def _speed(attributes: dict[str, str]) -> float:
    if "pitch" in attributes:
        raise Complaint("InvalidSsmlException", "Unsupported Neural feature: pitch")
    rate = attributes.get("rate", "medium")
    if rate in RATES:
        return RATES[rate]
    if re.fullmatch(r"\d+%", rate) and 20 <= int(rate[:-1]) <= 200:
        return int(rate[:-1]) / 100
    raise Complaint("InvalidSsmlException", f"Invalid value for rate: {rate}")


def _reading(attributes: dict[str, str]) -> str:
    if attributes.get("alphabet") not in KANA_ALPHABETS or not _kana(attributes.get("ph", "")):
        raise Complaint("InvalidSsmlException", "The fakes know the alphabets of kana alone.")
    return _kana(attributes["ph"])


def _words(piece: _Piece) -> Iterator[Word]:
    if piece.reading is not None:
        yield _word(piece, 0, len(piece.text), piece.reading)
        return
    for found in _PIECE.finditer(piece.text):
        if _NOT_KANA.search(_SILENT.sub("", to_hiragana(found[0]))):
            yield from _read_kanji(piece, found.start(), found[0])
        elif kana := _kana(found[0]):
            yield _word(piece, found.start(), found.end(), kana)


def _read_kanji(piece: _Piece, at: int, text: str) -> Iterator[Word]:
    """With the dictionary of Open JTalk, whose words follow each other as they stand in the text."""
    import pyopenjtalk

    for feature in pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False, predict_nani=False):
        end = at + len(feature["string"])
        if kana := _kana(feature["pron"]):
            yield _word(piece, at, end, kana)
        at = end


def _word(piece: _Piece, start: int, end: int, kana: str) -> Word:
    text = piece.text[start:end]
    first = piece.start + len(piece.text[:start].encode())
    return Word(text, kana, first, first + len(text.encode()))


def _kana(text: str) -> str:
    return _NOT_KANA.sub("", to_hiragana(text))
