"""Where flight recorders lie: a folder a run, in the user's state folder, one shelf a headquarters and kind."""

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from ships_client.exceptions import NothingToResume
from ships_client.transports.headquarters import api_base

_LOGS: Final = "*.log"


class Kind(StrEnum):
    """What flies."""

    SHIP = "ships"
    FLEET = "fleets"


def shelf(missions_api: str, kind: Kind) -> Path:
    """The folder that holds the recorders of one headquarters."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "hocotate" / _safe(api_base(missions_api).split("://")[-1]) / kind


def fresh(missions_api: str, kind: Kind, name: str) -> Path:
    """A folder for a new run."""
    return shelf(missions_api, kind) / f"{_safe(name)}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}"


def to_resume(missions_api: str, kind: Kind, name: str = "") -> Path:
    """The one folder with something to resume, of the ship `name` if it is given.

    Raises:
        NothingToResume: there is none, or there are several to choose from.
    """
    where = shelf(missions_api, kind)
    prefix = f"{_safe(name)}-" if name else ""
    found = sorted({log.parent for log in where.glob(f"{prefix}*/{_LOGS}")} | _shared(where))
    if not found:
        raise NothingToResume(f"There is nothing to resume in {where}. Leave --resume out to begin a flight.")
    if len(found) > 1:
        names = ", ".join(str(folder) for folder in found)
        raise NothingToResume(f"There are {len(found)} flights to resume; choose one with --state: {names}.")
    return found[0]


def shares(folder: Path) -> list[Path]:
    """The folders of a fleet that was flown by several processes, by their number."""
    return sorted(folder.glob("share-*"), key=lambda path: int(path.name.removeprefix("share-")))


def _shared(where: Path) -> set[Path]:
    return {log.parent.parent for log in where.glob(f"*/share-*/{_LOGS}")}


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name)
