"""What nobody caught: Python itself would write it on stderr as plain text, quoting whatever the exception says."""

import sys
import threading
import warnings
from typing import TextIO

from structlog.typing import FilteringBoundLogger


class Unforeseen:
    """Tells it in a log instead, once it is listening."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log

    def listen(self) -> None:
        sys.excepthook = self._crashed
        sys.unraisablehook = self._raised_nowhere
        threading.excepthook = self._thread_crashed
        warnings.showwarning = self._warned

    def _crashed(self, _: type[BaseException], error: BaseException, __: object) -> None:
        if not isinstance(error, KeyboardInterrupt):
            self._log.critical("process crashed", exc_info=error)

    def _raised_nowhere(self, given: "sys.UnraisableHookArgs") -> None:
        self._log.error("error nobody could catch", exc_info=given.exc_value)

    def _thread_crashed(self, given: threading.ExceptHookArgs) -> None:
        self._log.error("thread crashed", exc_info=given.exc_value)

    def _warned(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        """By Python's own signature, of which nothing that could quote is told."""
        self._log.warning("python warns", category=category.__name__, where=f"{filename}:{lineno}")
