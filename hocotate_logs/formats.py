"""A log record as a line: for people, or as JSON for programs. Both hold the same."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from hocotate_logs.context import IDS, current
from hocotate_logs.text import word


def time_of(record: logging.LogRecord) -> str:
    """When it happened: RFC 3339, UTC, to the millisecond."""
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def ids_of(record: logging.LogRecord) -> dict[str, str | int]:
    """The ids of a record: those that its `extra` names, then those that are bound."""
    there = {**current(), **_job_of(record)}
    found = {name: record.__dict__.get(name, there.get(name)) for name in IDS}
    return {name: value for name, value in found.items() if isinstance(value, str | int) and value != ""}


def _job_of(record: logging.LogRecord) -> dict[str, str]:
    """Celery's own lines about a job name it in `data`, outside of the job too."""
    data = record.__dict__.get("data")
    if not isinstance(data, Mapping) or not record.name.startswith("celery."):
        return {}
    return {ours: str(data[theirs]) for ours, theirs in (("task_id", "id"), ("task", "name")) if data.get(theirs)}


class LineFormatter(logging.Formatter):
    """`2026-11-25T08:18:03.123Z INFO web missions.services: text mission=12`; breaks within become ` | `.

    Folding keeps a traceback with its event, and keeps text from outside from forging a line.
    """

    def __init__(self, part: str = "") -> None:
        super().__init__(f"%(asctime)s %(levelname)s {f'{part} ' if part else ''}%(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        return " | ".join(super().format(record).splitlines())

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The text and the ids that are there; a traceback comes behind them."""
        return " ".join([super().formatMessage(record), *(f"{name}={word(v)}" for name, v in ids_of(record).items())])

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """When it happened."""
        return time_of(record)


class JsonLines(JsonFormatter):
    """An object a line: time, level, part, logger, message, the ids that are there, and `error`, a stack of calls.

    What else a record carries is left out (see IDS).
    """

    def __init__(self, part: str = "") -> None:
        super().__init__(["message"])
        self._part = part

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Without the empty fields, but for the message."""
        return {name: value for name, value in log_data.items() if name == "message" or value not in (None, "")}

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill the object in the order in which people read it."""
        # The library's own way would take over whatever a record carries.
        log_data |= {
            "time": time_of(record),
            "level": record.levelname,
            "part": self._part,
            "logger": record.name,
            "message": record.getMessage(),
            **ids_of(record),
            "error": message_dict.get("exc_info"),
            "stack": message_dict.get("stack_info"),
        }
