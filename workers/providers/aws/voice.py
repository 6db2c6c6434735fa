"""The Voice of the account: Polly's neural voices for Japanese, timed word for word."""

import asyncio
import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

import msgspec
import numpy as np
import soundfile
from msgspec import Struct

from core.contracts.budget import Expected
from core.contracts.job import Answer, File
from core.contracts.speech import Mark, Recording, Say
from workers.providers.aws.answered_by import answered_by
from workers.providers.aws.bill import Bill
from workers.providers.aws.failures import BrokenOff
from workers.providers.aws.gate import Gate, Turn, insist
from workers.providers.aws.prices import read_prices
from workers.providers.aws.read_at_most import read_at_most
from workers.providers.loudness import SAMPLE_RATE, Samples, level
from workers.providers.sounding import sounding_words
from workers.tools import TellsEachCall

if TYPE_CHECKING:
    from types_aiobotocore_polly import PollyClient

VoiceName = Literal["Takumi", "Kazuha", "Tomoko"]

MODEL = "polly-neural"
LONGEST_CHARACTERS = 6000
PIECE_CHARACTERS = 1500
"""Half of what Polly takes in one call (3,000 without markup), for how it counts is its own affair."""
CALLS_A_PIECE = 2
"""One for the sound and one for its marks, and each is paid."""
LARGEST_BYTES = 16 * 1024 * 1024

_POLLY_RATE = 24_000
_SENTENCE_ENDS = ("。", "！", "？", "!", "?")


class Spoken(Struct, frozen=True):
    """One piece: its samples at our rate, and when each of its words begins."""

    samples: Samples
    starts: tuple[float, ...]


class WordMark(Struct, frozen=True):
    """A speech mark: `start` and `end` are bytes of the text that was sent, markup included."""

    time: int
    start: int
    end: int


class PollyVoice(TellsEachCall):
    """A Voice. It is given kana, so that no reading is guessed, and speaks long text a few sentences at a time."""

    provider, model = "polly", MODEL

    def __init__(self, client: "PollyClient", name: VoiceName, gate: Gate, piece_characters: int = PIECE_CHARACTERS) -> None:
        self._client = client
        self._name: VoiceName = name
        self._maker = answered_by(f"{name}, a neural voice of Amazon Polly", client.meta.endpoint_url)
        self._gate = gate
        self._piece_characters = piece_characters

    async def say(self, ask: Say) -> Answer[Recording]:
        words, bill = sounding_words(ask, LONGEST_CHARACTERS), Bill(self.provider, MODEL)
        whole = pieces(words, self._piece_characters)
        async with self._gate.turn(requests=CALLS_A_PIECE * len(whole)) as turn:
            with bill.kept():
                spoken = [await self._speak(piece, ask.speed, turn, bill) for piece in whole]
        seconds, mp3 = await asyncio.to_thread(_press, [piece.samples for piece in spoken])
        marks = tuple(Mark(start, word) for start, word in zip(_starts(spoken), words, strict=True))
        return Answer(
            value=Recording(ask.number, seconds, self._maker, marks),
            paid=bill.paid(),
            file=File(mp3, "audio/mpeg"),
        )

    def expected(self, ask: Say) -> Expected:
        return read_prices().priced(MODEL, {"characters": CALLS_A_PIECE * len(ask.pronunciation)})

    async def _speak(self, words: Sequence[str], speed: float, turn: Turn, bill: Bill) -> Spoken:
        ssml, places = to_ssml(words, speed)
        # The very first call may as well be put off as the job: nothing is paid yet.
        sound = partial(self._sound, ssml, turn, bill)
        samples = await (sound() if bill.is_empty else insist(sound))
        marks = await insist(partial(self._mark, ssml, turn, bill))
        return Spoken(samples, _found(places, marks, samples.size / SAMPLE_RATE))

    async def _sound(self, ssml: str, turn: Turn, bill: Bill) -> Samples:
        async with self._gate.calling(turn):
            mp3 = await self._synthesize(ssml, turn, bill, OutputFormat="mp3", SampleRate=str(_POLLY_RATE))
            return await asyncio.to_thread(_decode, mp3)

    async def _mark(self, ssml: str, turn: Turn, bill: Bill) -> list[WordMark]:
        async with self._gate.calling(turn):
            return _read_marks(await self._synthesize(ssml, turn, bill, OutputFormat="json", SpeechMarkTypes=["word"]))

    async def _synthesize(self, ssml: str, turn: Turn, bill: Bill, **form: Any) -> bytes:
        told = await self._client.synthesize_speech(
            Text=ssml, TextType="ssml", VoiceId=self._name, Engine="neural", LanguageCode="ja-JP", **form
        )
        async with told["AudioStream"] as stream:
            # Its head tells what Polly counted, so that an answer that is cut costs that, and not what nobody knows.
            if counted := told.get("RequestCharacters"):
                self._gate.took({"characters": counted}, turn, bill)
            else:
                bill.leave_open()
            return await read_at_most(LARGEST_BYTES, stream.content)


def pieces(words: Sequence[str], longest: int) -> list[list[str]]:
    """As many whole sentences as fit; a sentence that does not fit is parted between words."""
    whole: list[list[str]] = []
    length = 0
    for sentence in _sentences(words, longest):
        size = sum(map(len, sentence))
        if whole and length + size <= longest:
            whole[-1] += sentence
            length += size
        else:
            whole.append(sentence)
            length = size
    return whole


def to_ssml(words: Sequence[str], speed: float) -> tuple[str, list[tuple[int, int]]]:
    """The markup, and the bytes of it each word takes up."""
    text = f'<speak><prosody rate="{round(speed * 100)}%">'
    places = []
    for word in words:
        start = len(text.encode())
        text += escape(word)
        places.append((start, len(text.encode())))
        text += " "
    return f"{text.rstrip()}</prosody></speak>", places


def _sentences(words: Sequence[str], longest: int) -> Iterator[list[str]]:
    sentence: list[str] = []
    for word in words:
        if sentence and sum(map(len, sentence)) + len(word) > longest:
            yield sentence
            sentence = []
        sentence.append(word)
        if word.endswith(_SENTENCE_ENDS):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _decode(mp3: bytes) -> Samples:
    """At our rate. Raises BrokenOff for what is no recording."""
    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float64")
    except soundfile.LibsndfileError as error:
        raise BrokenOff("no MP3") from error
    if not samples.size or samples.ndim != 1:
        raise BrokenOff("no sound")
    return _resampled(samples, rate)


def _resampled(samples: Samples, rate: int) -> Samples:
    """By its spectrum: nothing is added, nothing lost."""
    if rate == SAMPLE_RATE:
        return samples
    size = round(samples.size * SAMPLE_RATE / rate)
    return np.fft.irfft(np.fft.rfft(samples), size) * (size / samples.size)


def _read_marks(lines: bytes) -> list[WordMark]:
    """Raises BrokenOff."""
    try:
        return msgspec.json.Decoder(WordMark).decode_lines(lines)
    except msgspec.MsgspecError as error:
        raise BrokenOff("no speech marks") from error


def _found(places: Sequence[tuple[int, int]], marks: Sequence[WordMark], seconds: float) -> tuple[float, ...]:
    """When each of our words begins: with the first mark inside it, or where the word before it does.

    Polly parts kana into words of its own, so a mark may begin before one of ours, or stand for two.
    """
    starts: list[float] = []
    for start, end in places:
        inside = [mark.time / 1000 for mark in marks if start <= mark.start < end]
        latest = starts[-1] if starts else 0.0
        starts.append(min(max([latest, *inside[:1]]), seconds))
    return tuple(starts)


def _starts(spoken: Sequence[Spoken]) -> Iterator[float]:
    """From the beginning of the first piece."""
    before = 0.0
    for piece in spoken:
        yield from (round(before + start, 3) for start in piece.starts)
        before += piece.samples.size / SAMPLE_RATE


def _press(parts: Sequence[Samples]) -> tuple[float, bytes]:
    """One recording as loud as all others, and its seconds."""
    samples = level(np.concatenate(parts))
    recording = io.BytesIO()
    soundfile.write(recording, samples.astype(np.float32), SAMPLE_RATE, format="MP3", subtype="MPEG_LAYER_III")
    return round(samples.size / SAMPLE_RATE, 3), recording.getvalue()
