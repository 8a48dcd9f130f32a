"""Exit codes of both commands."""

from typing import Final

from ships_client.client import Summary
from ships_client.exceptions import (
    HeadquartersError,
    RecorderError,
    ShipsClientError,
    TelemetryError,
    Unfinished,
    UploadError,
)

HOME: Final = 0
"""All is done and handed over; of a fleet, some ships may be lost."""
USAGE: Final = 2
"""Something can't be flown as it is asked for."""
LOST: Final = 3
"""The ship is lost; all of its flight has been handed over."""
HEADQUARTERS: Final = 4
"""Headquarters, the store or Kafka refused or couldn't be reached; what wasn't handed over is left to --resume."""
RECORDER: Final = 5
"""The flight recorder can't be used: disk full, its limit, damage, or another process has it."""
INTERRUPTED: Final = 130
"""Ctrl-C or SIGTERM."""


def of(error: ShipsClientError) -> int:
    """The code of an error that ended a command."""
    if isinstance(error, RecorderError):
        return RECORDER
    if isinstance(error, HeadquartersError | TelemetryError | UploadError | Unfinished):
        return HEADQUARTERS
    return USAGE


def of_summary(summary: Summary, *, one_ship: bool) -> int:
    """The code of a flight or fleet that is over."""
    if summary.interrupted:
        return INTERRUPTED
    if summary.troubles or (summary.unfinished and not summary.timed_out):
        return HEADQUARTERS
    return LOST if one_ship and summary.totals.failure else HOME
