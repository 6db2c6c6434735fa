"""How long to wait before trying once more."""

import random
from datetime import timedelta


def backoff(attempt: int, base: timedelta, cap: timedelta) -> timedelta:
    """Exponential with full jitter: anything up to base·2^(attempt−1), at most `cap`; `attempt` counts from 1.

    Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: spread retries never come as a wave.
    """
    # 2**30 bases are beyond any cap; a larger exponent would only overflow.
    doublings = min(max(attempt, 1) - 1, 30)
    return min(base * (1 << doublings), cap) * random.random()
