"""SynthesizeSpeech and DescribeVoices: the local voice, in the formats Polly has."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import cast
from uuid import uuid4

import msgspec
import numpy as np
import soundfile
from botocore.model import OperationModel
from msgspec import Struct

from core.contracts.job import File
from core.contracts.speech import Say
from core.errors import GiveUp
from local.fakes.complaint import Complaint
from local.fakes.exchange import HangUp, Reply
from local.fakes.faults import Fault
from local.fakes.models import Params, check_answer
from local.fakes.polly.text import Script, Word, read_ssml, read_text
from local.fakes.polly.voices import VOICES, check_voice
from workers.providers.local.voice import LONGEST_CHARACTERS, LocalVoice
from workers.providers.loudness import SAMPLE_RATE, Samples
from workers.providers.sounding import SLOWEST

MOST_CHARACTERS = 3000
FORMATS = {
    "mp3": ("audio/mpeg", "MP3", "MPEG_LAYER_III"),
    "ogg_vorbis": ("audio/ogg", "OGG", "VORBIS"),
    "pcm": ("audio/pcm", "RAW", "PCM_16"),
}
RATES = {"mp3": (8000, 16000, 22050, 24000), "ogg_vorbis": (8000, 16000, 22050, 24000), "pcm": (8000, 16000)}
MARKS = "application/x-json-stream"

_KEPT = 32


class Spoken(Struct, frozen=True):
    """Samples at the rate of the local voice, and when each word begins."""

    samples: Samples
    starts: tuple[float, ...]


class Speaker:
    """Owns a voice. Keeps what it spoke last, for sound and marks are asked for one after the other."""

    def __init__(self) -> None:
        self._voice = LocalVoice()
        self._turn = asyncio.Lock()
        self._spoken: dict[Script, Spoken] = {}

    async def speak(self, script: Script) -> Spoken:
        """Raises GiveUp for kana no voice can speak."""
        async with self._turn:
            if script not in self._spoken:
                self._spoken[script] = _join([await self._say(words, script.speed) for words in _breaths(script.words)])
            while len(self._spoken) > _KEPT:
                del self._spoken[next(iter(self._spoken))]
            return self._spoken[script]

    async def close(self) -> None:
        await self._voice.close()

    async def _say(self, words: Sequence[Word], speed: float) -> Spoken:
        kana = " ".join(word.kana for word in words)
        answer = await self._voice.say(Say(1, "", kana, max(speed, SLOWEST)))
        samples, _ = soundfile.read(io.BytesIO(cast("File", answer.file).content))
        return Spoken(samples, tuple(mark.start_seconds for mark in answer.value.marks))


async def synthesize_speech(asked: Params, speaker: Speaker, fault: Fault | None) -> Reply:
    check_voice(asked["VoiceId"], asked.get("Engine", "standard"))
    script = read_ssml(asked["Text"]) if asked.get("TextType") == "ssml" else read_text(asked["Text"])
    if script.characters > MOST_CHARACTERS:
        raise Complaint("TextLengthExceededException", "Maximum text length has been exceeded")
    media_type, content = await _made(asked, script, speaker)
    if fault and fault.kind == "empty_audio":
        content = b""
    counted = {} if fault and fault.kind == "uncounted" else {"x-amzn-requestcharacters": str(script.characters)}
    headers = {"content-type": media_type, "x-amzn-requestid": str(uuid4()), **counted}
    return Reply(_half(content) if fault and fault.kind == "cut" else content, headers=headers)


async def _half(content: bytes) -> AsyncIterator[bytes]:
    yield content[: len(content) // 2]
    raise HangUp


def describe_voices(operation: OperationModel, asked: Params) -> Reply:
    wanted = [
        voice
        for voice in VOICES
        if asked.get("LanguageCode", voice.language_code) == voice.language_code
        and asked.get("Engine", voice.supported_engines[0]) in voice.supported_engines
    ]
    answer = {"Voices": msgspec.to_builtins(wanted)}
    check_answer(operation, answer)
    return Reply(msgspec.json.encode(answer), headers={"content-type": "application/json"})


async def _made(asked: Params, script: Script, speaker: Speaker) -> tuple[str, bytes]:
    """The media type, and the recording or its marks."""
    form, marks = asked["OutputFormat"], asked.get("SpeechMarkTypes", [])
    if form == "json":
        _check_marks(marks)
        spoken = await _speak(script, speaker)
        return MARKS, b"".join(msgspec.json.encode(mark) + b"\n" for mark in _marks(script, spoken, marks))
    if marks:
        raise Complaint("MarksNotSupportedForFormatException", "Speech marks are only supported for the json format.")
    if form not in FORMATS:
        raise Complaint("ServiceFailureException", f"The fakes cannot write {form}.")
    rate = int(asked.get("SampleRate", RATES[form][-1]))
    if rate not in RATES[form]:
        raise Complaint("InvalidSampleRateException", f"{rate} is no sample rate of {form}.")
    spoken = await _speak(script, speaker)
    return FORMATS[form][0], await asyncio.to_thread(_encode, spoken.samples, rate, form)


async def _speak(script: Script, speaker: Speaker) -> Spoken:
    try:
        return await speaker.speak(script)
    except GiveUp as error:
        raise Complaint("ServiceFailureException", error.message) from error


def _check_marks(marks: Sequence[str]) -> None:
    if not marks:
        raise Complaint("ValidationException", "Speech mark types must be given for the json format.")
    if unknown := set(marks) - {"word", "sentence"}:
        raise Complaint("ServiceFailureException", f"The fakes tell words and sentences, not {', '.join(sorted(unknown))}.")


def _marks(script: Script, spoken: Spoken, wanted: Sequence[str]) -> Iterator[dict[str, str | int]]:
    """Lines of JSON in the order of time. The fakes take the whole text for one sentence."""
    words = script.words
    if "sentence" in wanted and words:
        text = " ".join(word.text for word in words)
        yield {"time": 0, "type": "sentence", "start": words[0].start, "end": words[-1].end, "value": text}
    if "word" in wanted:
        for word, start in zip(words, spoken.starts, strict=True):
            yield {"time": round(start * 1000), "type": "word", "start": word.start, "end": word.end, "value": word.text}


def _breaths(words: Sequence[Word]) -> Iterator[list[Word]]:
    """As many words at a time as the voice takes."""
    breath: list[Word] = []
    length = 0
    for word in words:
        if breath and length + len(word.kana) >= LONGEST_CHARACTERS:
            yield breath
            breath, length = [], 0
        breath.append(word)
        length += len(word.kana) + 1
    if breath:
        yield breath


def _join(parts: Sequence[Spoken]) -> Spoken:
    before = np.cumsum([0, *(part.samples.size for part in parts)]) / SAMPLE_RATE
    starts = [offset + start for part, offset in zip(parts, before, strict=False) for start in part.starts]
    return Spoken(np.concatenate([np.zeros(0), *(part.samples for part in parts)]), tuple(map(float, starts)))


def _encode(samples: Samples, rate: int, form: str) -> bytes:
    _, container, codec = FORMATS[form]
    file = io.BytesIO()
    soundfile.write(file, _resample(samples, rate).astype(np.float32), rate, format=container, subtype=codec)
    return file.getvalue()


def _resample(samples: Samples, rate: int) -> Samples:
    """Lower, by leaving out the frequencies the lower rate cannot carry."""
    if not samples.size:
        return samples
    size = round(samples.size * rate / SAMPLE_RATE)
    spectrum = np.fft.rfft(samples)[: size // 2 + 1]
    return np.fft.irfft(spectrum, size) * (size / samples.size)
