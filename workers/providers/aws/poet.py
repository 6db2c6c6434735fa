"""The Poet of the account: a language model writes, our dictionary counts."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from core.contracts.budget import Expected
from core.contracts.haiku import Compose, Describe, Draft, Line, Message, Poem, Scene, Scenes, Season
from core.contracts.job import Answer
from core.kana import count_morae, to_hiragana
from workers.prompts import read_prompt
from workers.providers.aws.converse import Question, TextModel, assistant, user
from workers.providers.aws.flaws import Flaw, Unusable
from workers.providers.aws.readings import Readings
from workers.providers.aws.reply import Json
from workers.tools import OnText, TellsEachCall

MORAE = (5, 7, 5)


class WrittenLine(Struct, frozen=True):
    """A line as the model writes it; how it is pronounced is told by the dictionary."""

    japanese: Annotated[str, Meta(min_length=1, max_length=60, description="the line as it is written in Japanese")]
    reading: Annotated[str, Meta(min_length=1, max_length=24, description="its reading in hiragana, as written")]
    english: Annotated[str, Meta(min_length=1, max_length=120, description="the line in English")]


class WrittenPoem(Struct, frozen=True):
    lines: Annotated[list[WrittenLine], Meta(min_length=3, max_length=3, description="5, 7 and 5 morae")]
    season: Season
    season_word: Annotated[str, Meta(min_length=1, max_length=12, description="the season word as it stands in the poem")]
    season_word_english: Annotated[str, Meta(min_length=1, max_length=60)]


class WrittenDraft(Struct, frozen=True):
    poem: WrittenPoem
    reply: Annotated[str, Meta(min_length=1, max_length=800, description="what you say to the learner")]


class WrittenScene(Struct, frozen=True):
    number: Annotated[int, Meta(ge=1, le=3)]
    description: Annotated[str, Meta(min_length=1, max_length=600)]
    alt: Annotated[str, Meta(min_length=1, max_length=300)]
    alt_japanese: Annotated[str, Meta(min_length=1, max_length=150)]


class WrittenScenes(Struct, frozen=True):
    scenes: Annotated[list[WrittenScene], Meta(min_length=3, max_length=3)]


class BedrockPoet(TellsEachCall):
    """A Poet who is a language model; what it writes is counted and read by the dictionary before anybody gets it."""

    def __init__(self, model: TextModel, readings: Readings) -> None:
        self.provider, self.model = model.provider, model.model
        self._model = model
        self._readings = readings

    def expected(self, ask: Compose | Describe) -> Expected:
        if isinstance(ask, Compose):
            return self._model.expected(self._compose(ask))
        return self._model.expected(_describe(ask))

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        outcome = await self._model.ask(self._compose(ask), on_text)
        return Answer(outcome.value, outcome.paid)

    async def describe(self, ask: Describe) -> Answer[Scenes]:
        outcome = await self._model.ask(_describe(ask))
        return Answer(outcome.value, outcome.paid)

    def _compose(self, ask: Compose) -> Question[WrittenDraft, Draft]:
        prompt = read_prompt("haiku_compose")
        return Question(prompt, turns_of(ask), WrittenDraft, self._draft, _words_of_draft, _poem_so_far)

    def _draft(self, written: WrittenDraft) -> Draft:
        """Raises Unusable, which names everything that is wrong."""
        poem = written.poem
        readings = list(zip(poem.lines, MORAE, strict=True))
        pronounced = [self._pronounced(line, wanted) for line, wanted in readings]
        flaws = [flaw for said in pronounced for flaw in said.flaws] + list(_season_flaws(poem))
        if flaws:
            raise Unusable(flaws)
        one, two, three = (_line(line, said.kana) for line, said in zip(poem.lines, pronounced, strict=True))
        whole = Poem((one, two, three), poem.season, poem.season_word, poem.season_word_english)
        return Draft(written.reply, whole, self._model.maker)

    def _pronounced(self, line: WrittenLine, wanted: int) -> "Pronounced":
        try:
            kana = self._readings.pronounce(line.japanese, line.reading)
        except Unusable as error:
            return Pronounced("", error.flaws)
        # The reading is one of the dictionary's by now, so its morae are no claim of the model's.
        morae = count_morae(line.reading)
        if morae != wanted:
            told = f"「{line.japanese}」 ({line.reading}) has {morae} morae and must have {wanted}"
            return Pronounced(kana, [Flaw(told, "it did not come out in 5-7-5")])
        return Pronounced(kana, [])


def _describe(ask: Describe) -> Question[WrittenScenes, Scenes]:
    turns = [user(poem=msgspec.json.encode(ask.poem).decode())]
    return Question(read_prompt("haiku_scenes"), turns, WrittenScenes, _scenes, _words_of_scenes)


class Pronounced(Struct, frozen=True):
    kana: str
    flaws: Sequence[Flaw]


def turns_of(ask: Compose) -> list[Json]:
    """The conversation as Converse takes it: it begins with the learner, and roles take turns."""
    said = list(ask.conversation)
    if said and said[0].role == "learner" and said[0].text.strip() == ask.topic.strip():
        said = said[1:]
    turns = [user(topic=ask.topic), *(_turn(message) for message in said)]
    if ask.poem is not None:
        turns.insert(_newest(turns), user(poem=msgspec.json.encode(ask.poem).decode()))
    return _alternating(turns)


def _turn(message: Message) -> Json:
    return user(message=message.text) if message.role == "learner" else assistant(message.text)


def _newest(turns: Sequence[Json]) -> int:
    """Where the learner's newest words stand."""
    return max(number for number, turn in enumerate(turns) if turn["role"] == "user")


def _alternating(turns: Sequence[Json]) -> list[Json]:
    """Turns of one role in a row, as after an answer that never came, become one."""
    joined: list[Json] = []
    for turn in turns:
        if joined and joined[-1]["role"] == turn["role"]:
            joined[-1] = {**turn, "content": joined[-1]["content"] + turn["content"]}
        else:
            joined.append(turn)
    # Whoever asks spoke last; a poet's turn after that is what it is asked to replace.
    return joined if joined[-1]["role"] == "user" else joined[:-1]


def _season_flaws(poem: WrittenPoem) -> Iterator[Flaw]:
    if not any(poem.season_word in line.japanese for line in poem.lines):
        told = f"the season word 「{poem.season_word}」 stands in no line as it is written"
        yield Flaw(told, "its season word stood in no line")


def _line(line: WrittenLine, pronunciation: str) -> Line:
    return Line(line.japanese, to_hiragana(line.reading), pronunciation, line.english)


def _poem_so_far(draft: Json) -> str:
    return "\n".join(_japanese(draft))


def _japanese(draft: Json) -> Iterator[str]:
    poem = draft.get("poem")
    lines = poem.get("lines") if isinstance(poem, dict) else None
    for line in lines if isinstance(lines, list) else ():
        japanese = line.get("japanese") if isinstance(line, dict) else None
        if isinstance(japanese, str):
            yield japanese


def _scenes(written: WrittenScenes) -> Scenes:
    if [scene.number for scene in written.scenes] != [1, 2, 3]:
        raise Unusable([Flaw("the scenes must be numbered 1, 2 and 3, in this order", "its scenes were not in order")])
    one, two, three = (Scene(each.number, each.description, each.alt, each.alt_japanese) for each in written.scenes)
    return Scenes((one, two, three))


def _words_of_draft(draft: Draft) -> str:
    lines = [f"{line.japanese}\n{line.english}" for line in draft.poem.lines]
    return "\n".join([*lines, draft.poem.season_word, draft.poem.season_word_english, draft.reply])


def _words_of_scenes(scenes: Scenes) -> str:
    return "\n".join(f"{scene.description}\n{scene.alt}\n{scene.alt_japanese}" for scene in scenes.scenes)
