"""Which model an id names: https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html"""

import re

from local.fakes.complaint import Complaint

WRITERS = frozenset({"ai21", "amazon", "anthropic", "cohere", "deepseek", "meta", "mistral", "openai", "qwen"})
PAINTERS = frozenset({"stability"})

# Alone, with the area of an inference profile before it, or at the end of an ARN.
_ID = re.compile(r"(?:arn:aws:bedrock:[^:]*:[^:]*:[\w-]+/)?(?:[a-z]{2,6}\.)?(?P<maker>[a-z0-9]+)\.[\w.:-]+")


def check_model(model: str, makers: frozenset[str]) -> None:
    """Raises Complaint for an id that names no model of these makers."""
    found = _ID.fullmatch(model)
    if found is None or found["maker"] not in makers:
        raise Complaint("ValidationException", "The provided model identifier is invalid.")
