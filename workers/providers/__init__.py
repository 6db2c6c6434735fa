"""Who does the work: one implementation of each tool for this machine, one for the account."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from core.contracts.job import Queue
from core.queue import Bell
from core.settings import Settings
from core.storage import Storage
from workers.providers.uploads import PictureInspector
from workers.tools import ImageTools, SpeechTools, TextTools, Tools

Closing = Callable[[], Awaitable[None]]


@asynccontextmanager
async def open_tools(
    settings: Settings, queues: Iterable[Queue], bell: Bell, storage: Storage
) -> AsyncIterator[Mapping[Queue, Tools]]:
    """The tools of these queues alone, closed at the end of the block."""
    async with AsyncExitStack() as stack:
        match settings.providers:
            case "aws":
                yield await _open_account(settings, queues, bell, storage, stack)
            case "local":
                yield _open_local(queues, storage, stack)


def _open_local(queues: Iterable[Queue], storage: Storage, stack: AsyncExitStack) -> Mapping[Queue, Tools]:
    opened = {queue: _LOCAL[queue](storage) for queue in queues}
    for _, close in opened.values():
        stack.push_async_callback(close)
    return {queue: tools for queue, (tools, _) in opened.items()}


async def _open_account(
    settings: Settings, queues: Iterable[Queue], bell: Bell, storage: Storage, stack: AsyncExitStack
) -> Mapping[Queue, Tools]:
    from workers.providers.aws.account import open_account

    return await open_account(settings, queues, bell, storage, stack)


# Imported when asked for: dictionaries and model runtimes are heavy, and a worker of one queue needs one of them.
def _local_text(_: Storage) -> tuple[Tools, Closing]:
    from workers.providers.local.minilm.embed import MiniLM
    from workers.providers.local.poet import LocalPoet

    poet = LocalPoet(MiniLM())
    return TextTools(poet), poet.close


def _local_image(storage: Storage) -> tuple[Tools, Closing]:
    from workers.providers.local.painter import LocalPainter

    painter = LocalPainter()
    return ImageTools(painter, PictureInspector(storage)), painter.close


def _local_speech(_: Storage) -> tuple[Tools, Closing]:
    from workers.providers.local.voice import LocalVoice

    voice = LocalVoice()
    return SpeechTools(voice), voice.close


_LOCAL: Mapping[Queue, Callable[[Storage], tuple[Tools, Closing]]] = {
    "text": _local_text,
    "image": _local_image,
    "speech": _local_speech,
}
