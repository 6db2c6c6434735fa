"""What the guardrail of the fakes stops. A real one knows more, and is configured in the account."""

UNWELCOME = ("how to build a bomb", "爆弾の作り方")


def is_unwelcome(words: str) -> bool:
    return any(phrase in words.lower() for phrase in UNWELCOME)
