"""A learner who talks with a poet, turn by turn."""

from core.contracts.haiku import Compose, Draft, Message, Poem
from workers.tools import Poet


async def unheard(text: str) -> None:
    """A learner who does not watch the poem being written."""


class Learner:
    """Keeps the conversation, as the haiku product does."""

    def __init__(self, poet: Poet, topic: str, seed: int = 1) -> None:
        self._poet = poet
        self._topic = topic
        self._seed = seed
        self._said: list[Message] = []
        self._poem: Poem | None = None

    async def begin(self) -> Draft:
        return await self.say(self._topic)

    async def say(self, text: str) -> Draft:
        self._said.append(Message("learner", text))
        ask = Compose(self._topic, tuple(self._said), self._poem, self._seed)
        draft = (await self._poet.converse(ask, unheard)).value
        self._said.append(Message("poet", draft.reply))
        self._poem = draft.poem
        return draft


async def a_poem_on(poet: Poet, topic: str, seed: int = 1) -> Poem:
    return (await Learner(poet, topic, seed).begin()).poem


def text_of(poem: Poem) -> str:
    return "\n".join(line.japanese for line in poem.lines)


def english_of(poem: Poem) -> str:
    return " / ".join(line.english for line in poem.lines)
