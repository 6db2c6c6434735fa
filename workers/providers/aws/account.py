"""The tools of each queue in the account, and nothing a queue does not need: text asks one model, image another, speech Polly."""

from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack

from core.contracts.job import Queue
from core.pace import Ceiling, Pace
from core.queue import Bell
from core.settings import Settings
from core.storage import Storage
from workers.providers.aws.clients import Clients
from workers.providers.aws.converse import CHECKS, TextModel
from workers.providers.aws.failures import BEDROCK, POLLY, Part
from workers.providers.aws.gate import Callee, Gate
from workers.providers.aws.painter import BedrockPainter
from workers.providers.aws.poet import BedrockPoet
from workers.providers.aws.readings import Readings
from workers.providers.aws.voice import MODEL as POLLY_NEURAL
from workers.providers.aws.voice import PollyVoice
from workers.providers.uploads import PictureInspector
from workers.telling import CHAT, GUARD, PAINT, SPEAK, Operation
from workers.tools import ImageTools, SpeechTools, TextTools, Tools


async def open_account(
    settings: Settings, queues: Iterable[Queue], bell: Bell, storage: Storage, stack: AsyncExitStack
) -> Mapping[Queue, Tools]:
    """Clients live until the stack is closed."""
    account = Account(settings, Clients(settings, stack), bell, storage)
    return {queue: await account.open(queue) for queue in queues}


class Account:
    """Opens tools."""

    def __init__(self, settings: Settings, clients: Clients, bell: Bell, storage: Storage) -> None:
        self._settings = settings
        self._clients = clients
        self._bell = bell
        self._storage = storage

    async def open(self, queue: Queue) -> Tools:
        match queue:
            case "text":
                return TextTools(await self._poet())
            case "image":
                return ImageTools(await self._painter(), PictureInspector(self._storage))
            case "speech":
                return SpeechTools(await self._voice())

    async def _poet(self) -> BedrockPoet:
        settings = self._settings
        client = await self._clients.open("bedrock-runtime", settings.aws_region)
        ceiling = Ceiling(settings.text_requests_per_minute, settings.text_tokens_per_minute)
        guardrail = f"guardrail:{settings.guardrail_id}"
        model = TextModel(
            client,
            settings.text_model,
            (settings.guardrail_id, settings.guardrail_version),
            self._gate("poet", settings.text_model, CHAT, ceiling),
            self._gate("poet", guardrail, GUARD, Ceiling(settings.text_requests_per_minute * CHECKS)),
        )
        return BedrockPoet(model, Readings())

    async def _painter(self) -> BedrockPainter:
        settings = self._settings
        client = await self._clients.open("bedrock-runtime", settings.image_region)
        gate = self._gate("painter", settings.image_model, PAINT, Ceiling(settings.image_requests_per_minute))
        return BedrockPainter(client, settings.image_model, gate)

    async def _voice(self) -> PollyVoice:
        settings = self._settings
        client = await self._clients.open("polly", settings.aws_region)
        pace = self._pace(POLLY_NEURAL, Ceiling(settings.speech_requests_per_minute))
        gate = Gate(Callee("voice", "aws.polly", POLLY_NEURAL, SPEAK), POLLY, pace)
        return PollyVoice(client, settings.speech_voice, gate)

    def _gate(self, part: Part, model: str, operation: Operation, ceiling: Ceiling) -> Gate:
        """To Bedrock."""
        return Gate(Callee(part, "aws.bedrock", model, operation), BEDROCK, self._pace(model, ceiling))

    def _pace(self, model: str, ceiling: Ceiling) -> Pace:
        return Pace(self._bell, model, ceiling, self._settings.most_workers)
