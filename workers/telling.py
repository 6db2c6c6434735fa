"""Tell one call of a model: a span and numbers, by the conventions for generative AI, whoever answers it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from telemetry.metrics import Call, tokens_used, tool_called
from telemetry.trace import note_on_span, span

TOKENS = {"input_tokens": "input", "output_tokens": "output"}


class Operation(NamedTuple):
    """`gen_ai.operation.name` and `gen_ai.output.type`; a guardrail has no output of its own."""

    name: str
    output: str | None = None


CHAT = Operation("chat", "json")
PAINT = Operation("generate_content", "image")
SPEAK = Operation("generate_content", "speech")
GUARD = Operation("apply_guardrail")


@contextmanager
def telling(call: Call, output: str | None) -> Iterator[None]:
    """Around one call, from asking to the end of its answer. What it took is noted by `tell_usage`, inside."""
    began = time.perf_counter()
    with span(f"{call.operation} {call.model}", "client", attributes=_attributes(call, output)):
        try:
            yield
        except BaseException as error:
            # A call that is canceled is nobody's failure, and still no answer.
            kind = type(error).__qualname__
            note_on_span({"error.type": kind})
            tool_called(call, time.perf_counter() - began, kind)
            raise
        tool_called(call, time.perf_counter() - began)
        note_on_span({"gen_ai.response.model": call.model})


def tell_usage(call: Call, usage: Mapping[str, int]) -> None:
    """On the span of the call, and its tokens in numbers. Characters, pictures and units have no convention."""
    for unit, amount in usage.items():
        note_on_span({f"gen_ai.usage.{unit}" if unit in TOKENS else f"usage.{unit}": amount})
        if unit in TOKENS:
            tokens_used(call, TOKENS[unit], amount)


def _attributes(call: Call, output: str | None) -> dict[str, str]:
    known = {
        "gen_ai.operation.name": call.operation,
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": call.model,
    }
    return known | ({"gen_ai.output.type": output} if output else {})
