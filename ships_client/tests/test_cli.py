import json
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ships_client.cli.fleet import fleet
from ships_client.cli.ship import ship
from ships_client.client import pilot
from ships_client.client.connection import Connection

NOWHERE = "127.0.0.1:1"
FLIGHT = ["--ship", "SS_MOTH", "--captain", "Louie", "--target", "Giya"]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOCOTATE_TOKEN", "secret")
    monkeypatch.setenv("KAFKA_BOOTSTRAP", NOWHERE)
    monkeypatch.setenv("MISSIONS_API", f"http://{NOWHERE}/register_mission")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(pilot, "_BROKER_S", 0.3)
    monkeypatch.setattr(pilot, "_REGISTRATION_S", 0.3)


class _Unwilling(BaseHTTPRequestHandler):
    """A headquarters that knows no token."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"detail": "This ship token is unknown."}).encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def unwilling() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Unwilling)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/register_mission"
    server.shutdown()
    server.server_close()
    thread.join()


def one_sentence(result: Result, code: int = 2) -> str:
    """What a failed command says: on stderr, without a stack trace, with the exit code."""
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stderr.strip()


def test_without_a_token_the_ship_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOCOTATE_TOKEN")
    said = one_sentence(CliRunner().invoke(ship, FLIGHT))
    assert "There is no ship token. Set HOCOTATE_TOKEN" in said
    assert "create_ship_token" in said


def test_a_wrong_target_is_named_with_the_planets_there_are() -> None:
    said = one_sentence(CliRunner().invoke(ship, [*FLIGHT[:-1], "Pluto"]))
    assert "There is no planet 'Pluto'" in said
    assert "PNF-404" in said


def test_a_fleet_names_a_wrong_target_too() -> None:
    said = one_sentence(CliRunner().invoke(fleet, ["--ships", "2", "--targets", "Giya, Pluto"]))
    assert "There is no planet 'Pluto'" in said


def test_a_broker_that_is_away_is_named_with_its_setting() -> None:
    said = one_sentence(CliRunner().invoke(ship, FLIGHT), 4)
    assert f"Kafka at {NOWHERE} didn't answer" in said
    assert "KAFKA_BOOTSTRAP" in said


def test_headquarters_that_is_away_is_named_with_its_setting(bootstrap: str) -> None:
    said = one_sentence(CliRunner().invoke(ship, [*FLIGHT, "--kafka", bootstrap]), 4)
    assert f"Headquarters at http://{NOWHERE} doesn't answer" in said
    assert "MISSIONS_API" in said


def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSIONS_API", "localhost:8000")
    assert "MISSIONS_API is 'localhost:8000'" in one_sentence(CliRunner().invoke(ship, FLIGHT))


def test_headquarters_refusal_is_repeated(bootstrap: str, unwilling: str) -> None:
    said = one_sentence(CliRunner().invoke(ship, [*FLIGHT, "--kafka", bootstrap, "--api", unwilling]), 4)
    assert "Headquarters refused (401): This ship token is unknown." in said


@pytest.mark.parametrize(
    "option", [["--reportfreq", "0"], ["--speed", "0"], ["--seed", "-1"], ["--ships", "many"]], ids=" ".join
)
def test_impossible_options_are_refused_by_name(option: list[str]) -> None:
    result = CliRunner().invoke(fleet, ["--ships", "1", *option])
    assert result.exit_code == 2
    assert option[0] in result.stderr


@pytest.mark.parametrize("command", [ship, fleet], ids=["ship", "fleet"])
def test_help_names_every_setting(command: object) -> None:
    result = CliRunner().invoke(command, ["--help"])  # type: ignore[arg-type]  # both are commands
    assert result.exit_code == 0
    for name in ("KAFKA_BOOTSTRAP", "MISSIONS_API", "HOCOTATE_TOKEN", "--reportfreq", "--speed", "--seed"):
        assert name in result.output


def test_signals_are_handed_back_after_a_flight() -> None:
    before = signal.getsignal(signal.SIGTERM)
    one_sentence(CliRunner().invoke(ship, FLIGHT), 4)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_token_shows_in_no_repr() -> None:
    assert "very secret" not in repr(Connection(NOWHERE, "http://hq.test", "very secret"))


def test_a_flight_that_could_not_begin_leaves_nothing_to_resume(tmp_path: Path) -> None:
    one_sentence(CliRunner().invoke(ship, FLIGHT), 4)
    assert not list(tmp_path.rglob("*.log"))
    assert "There is nothing to resume" in one_sentence(CliRunner().invoke(ship, ["--resume"]), 5)


def test_a_ship_without_a_flight_is_told_what_to_give() -> None:
    result = CliRunner().invoke(ship, ["--ship", "SS_MOTH"])
    assert result.exit_code == 2
    assert "--resume" in result.stderr


def test_a_recorder_that_cannot_be_written_is_exit_code_5(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = one_sentence(CliRunner().invoke(ship, [*FLIGHT, "--state", str(tmp_path / "file" / "x")]), 5)
    assert str(tmp_path / "file") in said


@pytest.mark.parametrize("los", ["180-120", "soon", "0-5"])
def test_a_stretch_without_a_signal_is_two_ticks(los: str) -> None:
    result = CliRunner().invoke(ship, [*FLIGHT, "--los", los])
    assert result.exit_code == 2
    assert "120-180" in result.stderr


def test_a_share_must_be_one() -> None:
    result = CliRunner().invoke(fleet, ["--ships", "4", "--share", "4/4"])
    assert result.exit_code == 2
    assert "0/4" in result.stderr
