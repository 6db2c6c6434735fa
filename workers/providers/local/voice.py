"""Speaks on this machine: Open JTalk with the HTS voice Mei."""

import asyncio
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import soundfile

from core.contracts.job import Answer, File, Paid
from core.contracts.speech import Mark, Recording, Say
from workers.providers.local.pronounce import Utterance, utter
from workers.providers.loudness import SAMPLE_RATE, Samples, level
from workers.providers.sounding import sounding_words
from workers.tools import DoneHere

SPOKEN_BY = "Mei, HTS voice (Open JTalk), on this machine"
MODEL = "openjtalk-mei"
LONGEST_CHARACTERS = 400

_SHORTEST = SAMPLE_RATE
_LEAD = SAMPLE_RATE * 15 // 100


class LocalVoice(DoneHere):
    """The Voice of this machine; the same ask is the same recording, byte for byte.

    Owns one thread: Open JTalk's engine speaks one line at a time, and loads (about two seconds) with the first one.
    """

    provider, model = "local", MODEL

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")

    async def say(self, ask: Say) -> Answer[Recording]:
        words = sounding_words(ask, LONGEST_CHARACTERS)
        return await asyncio.get_running_loop().run_in_executor(self._thread, _say, ask, words)

    async def close(self) -> None:
        """Waits for the line being spoken; those still waiting are dropped."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)


def _say(ask: Say, words: Sequence[str]) -> Answer[Recording]:
    utterance = utter(words)
    speech = _synthesize(utterance.labels, ask.speed)
    lead, samples = _long_enough(speech)
    starts = [lead + start for start in _word_starts(utterance, ask.speed)]
    marks = tuple(Mark(round(start / SAMPLE_RATE, 3), word) for start, word in zip(starts, words, strict=True))
    return Answer(
        value=Recording(ask.number, round(samples.size / SAMPLE_RATE, 3), SPOKEN_BY, marks),
        paid=Paid(provider="local", model=MODEL, usage={"characters": len(ask.pronunciation)}, cost_microusd=0),
        file=File(_mp3(level(samples)), "audio/mpeg"),
    )


def _synthesize(labels: Sequence[str], speed: float) -> Samples:
    import pyopenjtalk

    samples, _ = pyopenjtalk.synthesize(list(labels), speed)
    return samples / 32768


def _word_starts(utterance: Utterance, speed: float) -> list[int]:
    """In samples, measured: a label is spoken equally long alone and in its line, so the parts before a word are its start.

    Mei begins a vowel softly, so after a pause a word is heard up to a tenth of a second later.
    """
    bounds = pairwise((0, *utterance.word_starts))
    lengths = [_synthesize(utterance.labels[start:end], speed).size for start, end in bounds]
    return [int(start) for start in np.cumsum(lengths)]


def _long_enough(speech: Samples) -> tuple[int, Samples]:
    """How many samples of silence now lead, and at least a second of recording: players clip what is shorter."""
    missing = _SHORTEST - speech.size
    if missing <= 0:
        return 0, speech
    lead = min(_LEAD, missing)
    return lead, np.pad(speech, (lead, missing - lead))


def _mp3(samples: Samples) -> bytes:
    recording = io.BytesIO()
    soundfile.write(recording, samples.astype(np.float32), SAMPLE_RATE, format="MP3", subtype="MPEG_LAYER_III")
    return recording.getvalue()
