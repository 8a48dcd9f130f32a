"""Golden messages: what readers must take, and one that they must refuse for each reason.

The files hold the raw bytes as they would stand on the topic. `RECEIVED` is the arrival time to judge by.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ships_client.exceptions import Reason

RECEIVED: Final = datetime(2026, 11, 25, 8, 30, 18, tzinfo=UTC)

_FOLDER = Path(__file__).parent


def valid() -> dict[str, bytes]:
    """Valid telemetry by file name: versions 1 and 2, and a last message."""
    return _read("valid")


def invalid() -> dict[Reason, bytes]:
    """One invalid telemetry message for each reason."""
    return {Reason(name): raw for name, raw in _read("invalid").items()}


def manifests() -> dict[str, bytes]:
    """Valid manifests by file name."""
    return _read("manifests")


def _read(folder: str) -> dict[str, bytes]:
    return {file.stem: file.read_bytes() for file in sorted((_FOLDER / folder).glob("*.json"))}
