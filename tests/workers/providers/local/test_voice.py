"""The local voice: what learners hear is as long, as loud and as timed as it says."""

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from core.contracts.job import Answer, Paid
from core.contracts.speech import Recording, Say
from core.errors import GiveUp
from tests.workers.providers.local.loudness_by_hand import lufs
from workers.providers.local.voice import LocalVoice
from workers.tools import Voice

LINES = [
    "ふるいけ や",
    "かわず とびこむ",
    "みず の おと",
    "のたり かな",
    "いわ に しみいる",
    "かね が なる なり",
    "コーヒー の ゆげ",
    "ねこ わ め お とじ",
    "あ",
    "ん",
]


@pytest.fixture
async def voice() -> AsyncIterator[LocalVoice]:
    voice = LocalVoice()
    yield voice
    await voice.close()


def ask(pronunciation: str, speed: float = 0.85) -> Say:
    return Say(number=2, text="秋", pronunciation=pronunciation, speed=speed)


def decoded(answer: Answer[Recording]) -> tuple[NDArray[np.float64], int]:
    assert answer.file is not None
    samples, rate = soundfile.read(io.BytesIO(answer.file.content))
    return samples, rate


def true_peak(samples: NDArray[np.float64]) -> float:
    spectrum = np.fft.rfft(samples)
    return float(np.abs(np.fft.irfft(4 * spectrum, 4 * samples.size)).max())


@pytest.mark.parametrize("line", LINES)
async def test_a_recording_is_an_mp3_as_long_and_as_loud_as_promised(voice: Voice, line: str) -> None:
    answer = await voice.say(ask(line))

    samples, rate = decoded(answer)
    assert answer.file is not None
    assert answer.file.media_type == "audio/mpeg"
    assert soundfile.info(io.BytesIO(answer.file.content)).format == "MP3"
    assert samples.size / rate >= 1.0
    assert samples.size / rate == pytest.approx(answer.value.duration_seconds, abs=0.06)
    assert -23 <= lufs(samples, rate) <= -16
    assert 0.1 < np.abs(samples).max() < 0.9
    assert true_peak(samples) < 10 ** (-1 / 20)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("speed", [0.5, 0.85, 2.0])
async def test_every_word_is_marked_in_order_within_the_recording(voice: Voice, line: str, speed: float) -> None:
    recording = (await voice.say(ask(line, speed))).value

    starts = [mark.start_seconds for mark in recording.marks]
    assert [mark.text for mark in recording.marks] == line.split()
    assert starts == sorted(set(starts))
    assert all(0 < start < recording.duration_seconds for start in starts)


async def test_a_mark_stands_where_its_word_begins_to_sound(voice: Voice) -> None:
    answer = await voice.say(ask("あめ、 おと"))

    samples, rate = decoded(answer)
    first, second = (int(mark.start_seconds * rate) for mark in answer.value.marks)
    loud = np.abs(samples) > 0.05
    assert np.flatnonzero(loud)[0] == pytest.approx(first, abs=0.12 * rate)
    assert np.flatnonzero(loud[first + rate // 2 :])[0] + first + rate // 2 == pytest.approx(second, abs=0.12 * rate)


async def test_slower_speech_lasts_longer(voice: Voice) -> None:
    durations = [(await voice.say(ask("かわず とびこむ", speed))).value.duration_seconds for speed in (1.5, 1.0, 0.6)]

    assert durations == sorted(durations)
    assert durations[2] / durations[1] == pytest.approx(1 / 0.6, rel=0.1)


async def test_the_same_ask_is_the_same_recording_from_any_voice(voice: Voice) -> None:
    other = LocalVoice()
    first, again, elsewhere = await asyncio.gather(*(each.say(ask("はる の うみ")) for each in (voice, voice, other)))
    await other.close()

    assert first == again == elsewhere


async def test_a_recording_says_who_spoke_and_that_it_cost_nothing(voice: Voice) -> None:
    answer = await voice.say(ask("みず の おと"))

    assert answer.value.number == 2
    assert answer.value.spoken_by == "Mei, HTS voice (Open JTalk), on this machine"
    assert answer.paid == Paid("local", "openjtalk-mei", {"characters": 7}, 0)


@pytest.mark.parametrize(
    ("unspeakable", "reason"),
    [
        (ask(""), "nothing to speak"),
        (ask(" 、。 "), "nothing to speak"),
        (ask("古池 や"), "kana only"),
        (ask("あ" * 401), "400 characters"),
        (ask("はる", speed=0.49), "0.5 to 2.0"),
        (ask("はる", speed=2.01), "0.5 to 2.0"),
        (ask("はる", speed=float("nan")), "0.5 to 2.0"),
        (ask("ぬゃ"), "mora for mora"),
    ],
)
async def test_what_cannot_be_spoken_is_given_up_with_the_reason(voice: Voice, unspeakable: Say, reason: str) -> None:
    with pytest.raises(GiveUp, match=reason):
        await voice.say(unspeakable)


async def test_the_event_loop_goes_on_while_the_voice_speaks(voice: Voice) -> None:
    speaking = asyncio.ensure_future(voice.say(ask("かわず とびこむ")))
    turns = 0
    while not speaking.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 10
    assert (await speaking).value.duration_seconds > 1


def test_importing_the_voice_does_not_load_the_engine() -> None:
    loaded = subprocess.check_output(
        [sys.executable, "-c", "import sys, workers.providers.local.voice; print('pyopenjtalk' in sys.modules)"],
        text=True,
    )

    assert loaded.strip() == "False"
