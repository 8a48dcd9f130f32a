"""Log lines: one line an event, times in UTC."""

import logging
from datetime import UTC, datetime

from redis.exceptions import ConnectionError as ValkeyAway
from redis.exceptions import TimeoutError as ValkeySilent


class LineFormatter(logging.Formatter):
    """`2026-11-25T08:18:03.123Z INFO missions.services: text`; breaks within the text become ` | `.

    Folding keeps a traceback with its event, and keeps text from outside from forging a line.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        return " | ".join(super().format(record).splitlines())

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """When it happened, to the millisecond."""
        return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class ValkeyOutage(logging.Filter):
    """Makes one sentence of what Celery says when Valkey is away, without the stack of calls.

    Any other error keeps its stack: it is the only trace of a fault.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        outage = _outage(record.exc_info[1]) if record.exc_info else None
        if outage is not None:
            sentence = record.getMessage().partition("\n")[0]
            record.msg = sentence if str(outage) in sentence else f"{sentence} ({outage})"
            record.args = record.exc_info = record.exc_text = None
        return True


def _outage(error: BaseException | None) -> BaseException | None:
    """The error that says that Valkey is away: this one, or one that it came of."""
    while error is not None and not isinstance(error, ValkeyAway | ValkeySilent):
        error = error.__cause__ or error.__context__
    return error
