"""Who called: counted and listed, without a word of what was said."""

from msgspec import Struct


class Call(Struct):
    """`outcome` is the code of the error, the kind of the fault, or "answered"; open until then."""

    service: str
    operation: str
    model: str | None
    outcome: str = "open"


class Calls:
    """All calls since the start, or since they were forgotten."""

    def __init__(self) -> None:
        self.all: list[Call] = []

    def begin(self, service: str, operation: str, model: str | None) -> Call:
        call = Call(service, operation, model)
        self.all.append(call)
        return call

    def counts(self) -> dict[str, int]:
        """By service and operation."""
        names = [f"{call.service}.{call.operation}" for call in self.all]
        return {name: names.count(name) for name in dict.fromkeys(names)}

    def forget(self) -> None:
        self.all = []
