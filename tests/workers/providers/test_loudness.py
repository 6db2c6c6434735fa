"""The measure is held to BS.1770's own reference tone and to a second implementation."""

import math

import numpy as np
import pytest

from tests.workers.providers.local.loudness_by_hand import lufs
from workers.providers.loudness import CEILING, SAMPLE_RATE, TARGET_LUFS, Samples, integrated_loudness, level


def tone(hertz: float, seconds: float, amplitude: float = 1.0) -> Samples:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def speech_like(seed: int) -> Samples:
    """Bursts of noise with pauses between them."""
    noise = np.random.default_rng(seed).normal(0, 0.05, 2 * SAMPLE_RATE)
    return noise * (tone(1.5, 2) > 0)


def test_a_full_scale_tone_of_997_hz_measures_3_01_below_full_scale() -> None:
    full = tone(997, 3)

    assert integrated_loudness(full) == pytest.approx(-3.01, abs=0.02)
    assert lufs(full, SAMPLE_RATE) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize("hertz", [60, 250, 1000, 4000, 9000])
def test_two_implementations_agree_on_tones(hertz: float) -> None:
    sound = tone(hertz, 1, 0.1)

    assert integrated_loudness(sound) == pytest.approx(lufs(sound, SAMPLE_RATE), abs=0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_implementations_agree_on_bursts_and_pauses(seed: int) -> None:
    sound = speech_like(seed)

    assert integrated_loudness(sound) == pytest.approx(lufs(sound, SAMPLE_RATE), abs=0.02)


def test_silence_around_a_sound_is_gated_away() -> None:
    sound = tone(440, 5, 0.2)
    alone = integrated_loudness(sound)
    surrounded = integrated_loudness(np.pad(sound, 5 * SAMPLE_RATE))

    assert surrounded == pytest.approx(alone, abs=0.3)


def test_a_sound_shorter_than_a_block_is_one_block_with_silence() -> None:
    assert integrated_loudness(tone(997, 0.2)) == pytest.approx(-3.01 - 10 * math.log10(2), abs=0.1)


def test_silence_measures_nothing_and_stays_silent() -> None:
    silence = np.zeros(SAMPLE_RATE)

    assert integrated_loudness(silence) == float("-inf")
    assert not level(silence).any()


@pytest.mark.parametrize("amplitude", [0.02, 0.5, 9.0])
def test_levelling_reaches_the_target_from_any_loudness(amplitude: float) -> None:
    levelled = level(amplitude * speech_like(4))

    assert integrated_loudness(levelled) == pytest.approx(TARGET_LUFS, abs=0.3)


def test_levelling_holds_a_lone_peak_under_the_ceiling() -> None:
    sound = tone(440, 2, 0.02)
    sound[SAMPLE_RATE] = 0.9

    levelled = level(sound)

    assert np.abs(levelled).max() <= CEILING + 1e-9
    assert integrated_loudness(levelled) == pytest.approx(TARGET_LUFS, abs=0.3)
