"""The words for what crosses a queue, as OpenTelemetry's semantic conventions for messaging have them (version 1.44)."""

from typing import Literal

SYSTEM = "arq"
"""It rings; the messages themselves are rows."""

MESSAGE = "messaging.message.id"
CONVERSATION = "messaging.message.conversation_id"
BATCH = "messaging.batch.message_count"


def messaging(operation: Literal["send", "process"], queue: str) -> dict[str, str]:
    return {
        "messaging.system": SYSTEM,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": queue,
    }
