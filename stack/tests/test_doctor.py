"""`make doctor` says what is wrong, and what to do."""

import json
import socket
from pathlib import Path

import pytest

from stack.config import Platform
from stack.doctor import Finding, examine
from stack.settings_names import unknown_settings
from stack.testing import RunningPlatform
from stack.tests.test_cli import stack


def found(platform: Platform) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(platform)}


def test_of_a_machine_on_which_nothing_runs_yet_all_is_told(tmp_path: Path) -> None:
    done = stack(tmp_path / "new", "doctor")

    assert done.returncode == 0, done.stdout + done.stderr
    for what in ("System", "Open files", "Settings", "Secrets", "Java", "Ports"):
        assert f"● {what} " in done.stdout
    assert "`make run` starts it" in done.stdout


def test_a_taken_port_is_told_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        done = stack(tmp_path, "doctor", STACK_PORT_OFFSET="0", VALKEY_PORT=str(taken), FORMAT="json")

    assert done.returncode == 1
    (ports,) = [finding for finding in json.loads(done.stdout) if finding["what"] == "Ports"]
    assert ports["state"] == "bad"
    assert f"Port {taken} (Valkey) is held by" in ports["said"]
    assert "VALKEY_PORT" in ports["remedy"]


def test_secrets_that_others_can_read_are_told(tmp_path: Path) -> None:
    platform = Platform(tmp_path, 900, {})
    platform.secrets_file.write_text("A=1\n")
    platform.secrets_file.chmod(0o644)

    secrets = found(platform)["Secrets"]

    assert secrets.state == "bad"
    assert secrets.remedy == f"chmod 600 {platform.secrets_file}"


def test_a_port_that_is_no_number_is_told(tmp_path: Path) -> None:
    settings = found(Platform(tmp_path, 900, {"WEB_PORT": "many"}))["Settings"]

    assert settings.state == "bad"
    assert "WEB_PORT is 'many'" in settings.said


def test_a_misspelt_setting_is_told_with_the_one_that_is_meant() -> None:
    assert unknown_settings(["WEB_PORT", "RADAR_PUBLC", "XYZ"]) == [
        ".env sets RADAR_PUBLC, which nothing reads. Is RADAR_PUBLIC meant?",
        ".env sets XYZ, which nothing reads.",
    ]


@pytest.mark.platform
def test_of_a_running_platform_what_does_not_run_is_told(platform: RunningPlatform) -> None:
    findings = list(examine(platform.context.platform))

    bad = {finding.what: finding for finding in findings if finding.state == "bad"}
    # Tests fly fleets of their own: the demo fleet is the one part that is down.
    assert bad["Demo fleet"].remedy == "make logs S=fleet"
    assert {"Demo fleet", "Parts"} <= set(bad) <= {"Demo fleet", "Parts", "Data"}
    assert "Ports" not in {finding.what for finding in findings}
