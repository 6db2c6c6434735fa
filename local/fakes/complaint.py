"""What a service says when it does not do what it was asked."""


class Complaint(Exception):
    """`code` is the name of the exception in the service's model, or one of those every service of Amazon may answer."""

    def __init__(self, code: str, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after_seconds = retry_after_seconds
