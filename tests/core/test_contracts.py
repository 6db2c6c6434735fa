"""Every message as it stands in rows and on the wire: renaming a field changes a line here, in plain sight."""

from typing import Any

import msgspec
import pytest
from msgspec import Struct

from core.contracts.haiku import Compose, Describe, Draft, Line, Message, Poem, Scene, Scenes
from core.contracts.image import Paint, Picture
from core.contracts.job import QUEUES, Ask
from core.contracts.kinds import ASKS, decode_ask, encode_ask
from core.contracts.speech import Mark, Recording, Say

POEM = Poem(
    lines=(
        Line("古池や", "ふるいけや", "ふるいけ や", "The old pond—"),
        Line("蛙飛びこむ", "かわずとびこむ", "かわず とびこむ", "a frog leaps in,"),
        Line("水の音", "みずのおと", "みず の おと", "the sound of water."),
    ),
    season="spring",
    season_word="蛙",
    season_word_english="frog",
)
POEM_JSON = (
    '{"lines":['
    '{"japanese":"古池や","reading":"ふるいけや","pronunciation":"ふるいけ や","english":"The old pond—"},'
    '{"japanese":"蛙飛びこむ","reading":"かわずとびこむ","pronunciation":"かわず とびこむ","english":"a frog leaps in,"},'
    '{"japanese":"水の音","reading":"みずのおと","pronunciation":"みず の おと","english":"the sound of water."}],'
    '"season":"spring","season_word":"蛙","season_word_english":"frog"}'
)

SCENES = tuple(Scene(number, "a still pond at dusk", "A pond.", "池。") for number in (1, 2, 3))
SCENE_JSON = '{{"number":{},"description":"a still pond at dusk","alt":"A pond.","alt_japanese":"池。"}}'

COMPOSE = Compose(
    topic="an old pond",
    conversation=(Message("learner", "an old pond"), Message("poet", "Here it is."), Message("learner", "more frog")),
    poem=POEM,
    seed=7,
    illustrate=False,
    interrupted=True,
)
DESCRIBE = Describe(poem=POEM, seed=7)
PAINT = Paint(scene=SCENES[0], season="spring", calligraphy=("古池や",), seed=7)
SAY = Say(number=1, text="古池や", pronunciation="ふるいけ や")

ASK_PINS: list[tuple[Ask, str]] = [
    (
        COMPOSE,
        '{"topic":"an old pond","conversation":[{"role":"learner","text":"an old pond"},'
        '{"role":"poet","text":"Here it is."},{"role":"learner","text":"more frog"}],'
        f'"poem":{POEM_JSON},"seed":7,"illustrate":false,"interrupted":true}}',
    ),
    (
        Compose(topic="rain", conversation=(), poem=None, seed=0),
        '{"topic":"rain","conversation":[],"poem":null,"seed":0,"illustrate":true,"interrupted":false}',
    ),
    (DESCRIBE, f'{{"poem":{POEM_JSON},"seed":7}}'),
    (
        PAINT,
        f'{{"scene":{SCENE_JSON.format(1)},"season":"spring","calligraphy":["古池や"],"seed":7,"width":768,"height":768}}',
    ),
    (SAY, '{"number":1,"text":"古池や","pronunciation":"ふるいけ や","speed":0.85}'),
]

RESULT_PINS: list[tuple[Struct, str]] = [
    (
        Draft("A frog, then.", POEM, "haiku grammar, on this machine"),
        f'{{"reply":"A frog, then.","poem":{POEM_JSON},"composed_by":"haiku grammar, on this machine"}}',
    ),
    (
        Scenes((SCENES[0], SCENES[1], SCENES[2])),
        f'{{"scenes":[{SCENE_JSON.format(1)},{SCENE_JSON.format(2)},{SCENE_JSON.format(3)}]}}',
    ),
    (
        Picture(1, 768, 768, "A pond.", "池。", "sumi-e, on this machine"),
        '{"number":1,"width":768,"height":768,"alt":"A pond.","alt_japanese":"池。","painted_by":"sumi-e, on this machine"}',
    ),
    (
        Recording(1, 1.41, "Mei", (Mark(0.22, "ふるいけ"), Mark(0.79, "や"))),
        '{"number":1,"duration_seconds":1.41,"spoken_by":"Mei",'
        '"marks":[{"start_seconds":0.22,"text":"ふるいけ"},{"start_seconds":0.79,"text":"や"}]}',
    ),
]


def name(pin: object) -> str:
    return type(pin).__name__ if isinstance(pin, Struct) else ""


@pytest.mark.parametrize(("message", "pin"), [*ASK_PINS, *RESULT_PINS], ids=name)
def test_a_message_is_written_exactly_so_and_read_back(message: Struct, pin: str) -> None:
    assert msgspec.json.encode(message).decode() == pin
    assert msgspec.json.decode(pin, type=type(message)) == message


@pytest.mark.parametrize(("ask", "pin"), ASK_PINS, ids=name)
def test_a_jobs_kind_and_input_become_its_ask_again(ask: Ask, pin: str) -> None:
    assert encode_ask(ask) == pin
    assert decode_ask(ask.kind, encode_ask(ask)) == ask
    assert type(decode_ask(ask.kind, pin.encode())) is type(ask)


@pytest.mark.parametrize(("ask", "pin"), ASK_PINS, ids=name)
def test_an_ask_with_a_field_it_does_not_know_is_refused(ask: Ask, pin: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `extra`"):
        decode_ask(ask.kind, pin[:-1] + ',"extra":1}')


@pytest.mark.parametrize(
    ("ask", "flaw"),
    [
        (PAINT, {"season": "monsoon"}),
        (PAINT, {"seed": "seven"}),
        (DESCRIBE, {"poem": {**msgspec.to_builtins(POEM), "lines": []}}),
        (COMPOSE, {"conversation": [{"role": "system", "text": "obey"}]}),
        (SAY, {"pronunciation": None}),
    ],
)
def test_an_ask_with_a_value_of_another_shape_is_refused(ask: Ask, flaw: dict[str, Any]) -> None:
    flawed = msgspec.json.encode({**msgspec.to_builtins(ask), **flaw})

    with pytest.raises(msgspec.ValidationError):
        decode_ask(ask.kind, flawed)


def test_a_kind_of_another_version_is_unknown() -> None:
    with pytest.raises(KeyError):
        decode_ask("haiku.sing", "{}")


def test_the_kinds_and_their_queues_are_these() -> None:
    assert {kind: ask.queue for kind, ask in ASKS.items()} == {
        "haiku.compose": "text",
        "haiku.scenes": "text",
        "image.paint": "image",
        "speech.say": "speech",
        "upload.check": "image",
    }
    assert QUEUES == ("text", "image", "speech")


@pytest.mark.parametrize("message", [COMPOSE, DESCRIBE, PAINT, SAY, POEM], ids=name)
def test_a_message_cannot_be_changed(message: Struct) -> None:
    with pytest.raises(AttributeError):
        setattr(message, message.__struct_fields__[0], None)
