"""A kind is one struct, one function and a line in each list; nobody may forget a list."""

import inspect
from typing import get_args, get_type_hints

import pytest

from core.contracts.job import QUEUES, Ask, Queue
from core.contracts.kinds import ASKS
from workers.kinds import KINDS
from workers.tools import ImageTools, SpeechTools, TextTools

TOOLS = {"text": TextTools, "image": ImageTools, "speech": SpeechTools}


def every_ask() -> set[type[Ask]]:
    return set(Ask.__subclasses__())


def test_every_ask_is_listed_with_its_kind() -> None:
    assert set(ASKS.values()) == every_ask()
    assert all(ASKS[ask.kind] is ask for ask in every_ask())


def test_every_ask_has_a_function_and_every_function_an_ask() -> None:
    assert set(KINDS) == set(ASKS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_takes_its_own_ask_and_the_tools_of_its_queue(kind: str) -> None:
    hints = get_type_hints(KINDS[kind].do)
    ask, tools, _ = (hints[name] for name in inspect.signature(KINDS[kind].do).parameters)

    assert ask is ASKS[kind]
    assert tools is TOOLS[ASKS[kind].queue]
    assert KINDS[kind].tool in tools.__struct_fields__


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_asks_the_tool_its_kind_reserves_for(kind: str) -> None:
    assert f"tools.{KINDS[kind].tool}." in inspect.getsource(KINDS[kind].do)


def test_every_queue_has_tools() -> None:
    assert set(QUEUES) == set(get_args(Queue)) == set(TOOLS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_lives_in_a_file_of_its_product_or_resource(kind: str) -> None:
    assert KINDS[kind].do.__module__ == f"workers.kinds.{kind.partition('.')[0]}"
