from pathlib import Path

import pytest

from ships_client.client.journal import Journal, default_path
from ships_client.contracts import MissionStatus
from ships_client.exceptions import ConfigurationError
from ships_client.transports import Mission

MOTH = Mission(41, "SS_MOTH", MissionStatus.RUNNING, "2026-11-25T08:30:00Z")
KITTY = Mission(42, "SS_KITTY", MissionStatus.RUNNING, "2026-11-25T08:31:00Z")


def test_what_was_in_flight_is_known_after_a_restart(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "fleet.json")
    journal.add(MOTH)
    journal.add(KITTY)
    journal.remove(MOTH.mission_id)
    journal.save()
    journal.close()
    again = Journal(tmp_path / "deep" / "fleet.json")
    assert again.missions() == [KITTY]
    again.close()


def test_a_journal_is_held_by_one_fleet_at_a_time(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "fleet.json")
    with pytest.raises(ConfigurationError, match=r"Another fleet uses .*fleet\.json.*--state"):
        Journal(tmp_path / "fleet.json")
    journal.close()
    Journal(tmp_path / "fleet.json").close()


@pytest.mark.parametrize("content", [b"", b"{}", b"[{}]", b"\xff"])
def test_a_broken_journal_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"fleet\.json can't be read"):
        Journal(path)
    assert path.read_bytes() == content


def test_each_headquarters_has_a_journal_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one, other = default_path("http://127.0.0.1:8000"), default_path("http://127.0.0.1:8300")
    assert one != other
    assert one.is_relative_to(tmp_path)
