"""Missions in flight, on disk: what a fleet that was killed left behind, so that its next start can close it."""

import fcntl
import os
from pathlib import Path
from typing import IO

import msgspec

from ships_client.exceptions import ConfigurationError
from ships_client.transports.headquarters import Mission

_missions = msgspec.json.Decoder(list[Mission])


class Journal:
    """A JSON file of the missions in flight; one fleet at a time holds it."""

    def __init__(self, path: Path) -> None:
        """Take the file; raises ConfigurationError when another fleet has it, or when it can't be used."""
        self._path = path
        self._held: IO[str] = _take(path)
        try:
            self._missions = {mission.mission_id: mission for mission in _read(path)}
        except ConfigurationError:
            self.close()
            raise
        self._saved = dict(self._missions)

    def missions(self) -> list[Mission]:
        """Missions in flight as far as the file knows."""
        return list(self._missions.values())

    def add(self, mission: Mission) -> None:
        """A mission has begun; `save` writes it."""
        self._missions[mission.mission_id] = mission

    def remove(self, mission_id: int) -> None:
        """A mission has been closed; `save` writes it."""
        self._missions.pop(mission_id, None)

    def save(self) -> None:
        """Write what has changed, whole or not at all."""
        if self._missions == self._saved:
            return
        fresh = self._path.with_suffix(self._path.suffix + ".new")
        fresh.write_bytes(msgspec.json.encode(self.missions()))
        fresh.replace(self._path)
        self._saved = dict(self._missions)

    def close(self) -> None:
        """Let another fleet have it."""
        self._held.close()


def default_path(api_base: str) -> Path:
    """Where a fleet keeps its journal when it isn't told: in the user's state folder, one a headquarters."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "hocotate" / ("fleet-" + "".join(c if c.isalnum() else "-" for c in api_base) + ".json")


def _take(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(path.suffix + ".lock").open("w")
    except OSError as error:
        raise ConfigurationError(f"The state file {path} can't be used ({error}). Give --state another.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise ConfigurationError(f"Another fleet uses the state file {path}. Give --state another.") from None
    return lock


def _read(path: Path) -> list[Mission]:
    try:
        return _missions.decode(path.read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError(f"The state file {path} can't be read ({error}). Move it away.") from None
