"""Log lines: one line an event, times in UTC."""

import logging
from datetime import UTC, datetime


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
