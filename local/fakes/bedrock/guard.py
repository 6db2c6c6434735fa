"""ApplyGuardrail: what the guardrail says to words alone."""

from typing import Any

import msgspec
from botocore.model import OperationModel

from local.fakes.bedrock.say import BLOCKED
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


def apply_guardrail(operation: OperationModel, asked: Params, fault: Fault | None) -> Reply:
    words = "\n".join(block["text"]["text"] for block in asked["content"] if "text" in block)
    stops = is_unwelcome(words) or (fault is not None and fault.kind == "guardrail")
    answer: dict[str, Any] = {
        "usage": dict.fromkeys(_UNITS, 0) | {"contentPolicyUnits": 1 + len(words) // 1000},
        "action": "GUARDRAIL_INTERVENED" if stops else "NONE",
        "outputs": [{"text": BLOCKED}] if stops else [],
        "assessments": [{}],
    }
    check_answer(operation, answer)
    return Reply(msgspec.json.encode(answer), headers={"content-type": "application/json"})
