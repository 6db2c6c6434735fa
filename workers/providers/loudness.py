"""How loud a recording is to ears, and making every recording equally loud."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

SAMPLE_RATE = 48_000
"""Hz. The filter below is given for this rate only."""

TARGET_LUFS = -20.0
CEILING = 0.8
"""Highest sample before encoding: what lies between samples and what MP3 adds must stay below -1 dBTP (0.89)."""

# ITU-R BS.1770-4, tables 1 and 2: the shelf that stands for the head, then the high-pass (RLB).
_STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
_BLOCK = SAMPLE_RATE * 400 // 1000
_STEP = _BLOCK // 4
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0

_ROUNDS = 12
_CLOSE_ENOUGH_LU = 0.2
_FRAME = SAMPLE_RATE // 1000
_REACH = 10
"""Frames of a millisecond the limiter looks to each side."""


def integrated_loudness(samples: Samples) -> float:
    """LUFS of one channel at 48 kHz with both gates of ITU-R BS.1770-4; -inf for silence.

    Anything shorter than one block of 400 ms is measured as one block followed by silence.
    """
    power = _block_power(_k_weighted(samples))
    power = power[_lufs(power) > _ABSOLUTE_GATE_LUFS]
    if not power.size:
        return float("-inf")
    power = power[_lufs(power) > _lufs(power.mean()) + _RELATIVE_GATE_LU]
    return float(_lufs(power.mean()))


def level(samples: Samples) -> Samples:
    """The same recording at the target loudness, its few highest peaks held down. Silence stays silence."""
    if integrated_loudness(samples) == float("-inf"):
        return samples
    # Holding peaks down costs loudness, so a spiky recording (ん alone) needs more than one round.
    for _ in range(_ROUNDS):
        missing = TARGET_LUFS - integrated_loudness(samples)
        if abs(missing) < _CLOSE_ENOUGH_LU:
            break
        samples = _limited(samples * 10 ** (missing / 20))
    return samples


def _limited(samples: Samples) -> Samples:
    """A look-ahead limiter: the gain sinks before a peak and rises after it, too slowly to be heard as distortion."""
    frames = np.abs(np.pad(samples, (0, -samples.size % _FRAME))).reshape(-1, _FRAME).max(axis=1)
    needed = np.minimum(1.0, CEILING / np.maximum(frames, CEILING))
    lowest = _around(needed, _REACH).min(axis=1)
    # Averaging fewer frames than the minimum spans, and interpolating one further, never exceeds what a frame needs.
    gains = _around(lowest, _REACH - 1).mean(axis=1)
    centres = (np.arange(gains.size) + 0.5) * _FRAME
    gain: Samples = np.interp(np.arange(samples.size), centres, gains)
    return samples * gain


def _around(frames: Samples, reach: int) -> Samples:
    return np.lib.stride_tricks.sliding_window_view(np.pad(frames, reach, mode="edge"), 2 * reach + 1)


def _k_weighted(samples: Samples) -> Samples:
    # Filtering by spectrum keeps a recursive filter out of Python; the padding holds the filter's tail.
    length = _fast_length(samples.size + SAMPLE_RATE // 2)
    delays = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)
    spectrum = np.fft.rfft(samples, length)
    for numerator, denominator in _STAGES:
        spectrum = spectrum * np.polyval(numerator[::-1], delays) / np.polyval(denominator[::-1], delays)
    return np.fft.irfft(spectrum, length)[: samples.size]


def _block_power(samples: Samples) -> Samples:
    padded = np.pad(samples, (0, max(0, _BLOCK - samples.size)))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK)[::_STEP]
    return np.asarray(np.square(blocks).mean(axis=1))


def _lufs(power: Samples | np.float64) -> Samples:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))


def _fast_length(size: int) -> int:
    return 1 << (size - 1).bit_length()
