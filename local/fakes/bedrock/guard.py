"""ApplyGuardrail: what the guardrail says to words alone."""

from typing import Any

import msgspec
from botocore.model import OperationModel

from local.fakes.bedrock.say import BLOCKED
from local.fakes.bedrock.turns import words_of
from local.fakes.bedrock.unwelcome import is_unwelcome
from local.fakes.exchange import Reply
from local.fakes.faults import Fault
from local.fakes.models import Params, check_answer

_UNITS = (
    "topicPolicyUnits",
    "contentPolicyUnits",
    "wordPolicyUnits",
    "sensitiveInformationPolicyUnits",
    "sensitiveInformationPolicyFreeUnits",
    "contextualGroundingPolicyUnits",
)


def trace_of(asked: Params) -> dict[str, Any]:
    """What Converse tells of its guardrail, to whoever asks for it: what the words that were sent to the model took."""
    guard = asked.get("guardrailConfig", {})
    if guard.get("trace", "disabled") == "disabled":
        return {}
    metrics = {"invocationMetrics": {"usage": _usage(words_of(asked))}}
    return {"trace": {"guardrail": {"inputAssessment": {guard["guardrailIdentifier"]: metrics}}}}


def apply_guardrail(operation: OperationModel, asked: Params, fault: Fault | None) -> Reply:
    words = "\n".join(block["text"]["text"] for block in asked["content"] if "text" in block)
    stops = is_unwelcome(words) or (fault is not None and fault.kind == "guardrail")
    answer: dict[str, Any] = {
        "usage": _usage(words),
        "action": "GUARDRAIL_INTERVENED" if stops else "NONE",
        "outputs": [{"text": BLOCKED}] if stops else [],
        "assessments": [{}],
    }
    check_answer(operation, answer)
    return Reply(msgspec.json.encode(answer), headers={"content-type": "application/json"})


def _usage(words: str) -> dict[str, int]:
    """One policy, and a unit for each thousand characters it looks at."""
    return dict.fromkeys(_UNITS, 0) | {"contentPolicyUnits": -(-len(words) // 1000)}
