"""Says the same trouble once in a while, however often it happens."""

import logging
import time
from typing import Final

SAY_AGAIN_S: Final = 30.0


class Trouble:
    """Warnings of one kind: the first at once, the next after SAY_AGAIN_S, and one sentence when all is well again."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger = logger
        self._what = what
        self._said: float | None = None

    def report(self, error: BaseException) -> None:
        """It happened (again)."""
        now = time.monotonic()
        if self._said is None or now - self._said >= SAY_AGAIN_S:
            self._said = now
            self._logger.warning("%s: %s. Trying again.", self._what, str(error).strip(" .\n") or type(error).__name__)

    def over(self) -> None:
        """It works (again)."""
        if self._said is not None:
            self._said = None
            self._logger.info("%s: works again.", self._what)
