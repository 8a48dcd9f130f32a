"""Who watches the platform: started where they are installed, and never in the way of a start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import yaml

from stack import environment, watchers
from stack.config import Platform
from stack.errors import StackError
from stack.secrets import ACCESS_KEYS, PASSWORDS
from stack.services import CORE, EXPORTERS, SERVICES, WATCHING
from stack.services.base import Context
from stack.services.programs import PROGRAMS
from stack.services.templates import rendered

SITE = "http://127.0.0.1:8850"


def a_platform(home: Path, **settings: str) -> Platform:
    return Platform(home=home, offset=850, settings=settings)


def a_context(home: Path, **settings: str) -> Context:
    return Context(a_platform(home, **settings), {"ALERTS_TOKEN": "secret"}, {"SITE_URL": SITE})


def chosen(platform: Platform, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    services, said = watchers.choose(platform, [SERVICES[name] for name in names], set())
    return [service.name for service in services], said


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which all the programs are, under Debian's names."""
    folder = tmp_path_factory.mktemp("bin")
    for names in PROGRAMS.values():
        (folder / names[0]).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_a_dollar_sign_in_a_template_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("password: pa$ word of ${SITE}")

    with pytest.raises(StackError, match="can't be filled in") as refused:
        rendered(tmp_path / "a.yml", {"SITE": SITE})
    assert "$$" in refused.value.remedy

    (tmp_path / "a.yml").write_text("password: pa$$ word of ${SITE}")
    assert rendered(tmp_path / "a.yml", {"SITE": SITE}) == f"password: pa$ word of {SITE}"


def test_core_and_watching_are_all_services() -> None:
    assert {*CORE, *WATCHING} == set(SERVICES)
    assert not set(CORE) & set(WATCHING)
    assert not any(set(SERVICES[name].needs) & set(WATCHING) for name in SERVICES)


def test_where_they_are_installed_they_are_started(tmp_path: Path, installed: Path) -> None:
    names, said = chosen(a_platform(tmp_path), ("kafka", *WATCHING))

    assert names == ["kafka", *WATCHING]
    assert said == []


def test_where_they_are_not_one_sentence_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    names, said = chosen(a_platform(tmp_path), ("kafka", *WATCHING))

    assert names == ["kafka"]
    assert len(said) == 1
    assert "apt-get install" in said[0]
    assert "prometheus-pushgateway" in said[0]
    assert "prometheus-postgres-exporter prometheus-redis-exporter" in said[0]


def test_they_can_be_turned_off_without_a_word(tmp_path: Path, installed: Path) -> None:
    assert chosen(a_platform(tmp_path, WATCHING="0"), ("kafka", *WATCHING)) == (["kafka"], [])


def test_one_whose_port_is_taken_is_left_out_with_the_reason(tmp_path: Path, installed: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        names, said = chosen(a_platform(tmp_path, PROMETHEUS_PORT=str(port - 850)), WATCHING)

    assert names == ["alertmanager", "pushgateway", *EXPORTERS]
    assert len(said) == 1
    assert said[0].startswith(f"Prometheus is left out: Port {port}")


def test_only_those_that_were_started_are_asked() -> None:
    states = {name: {"statename": "RUNNING"} for name in CORE}
    states |= {"prometheus": {"statename": "FATAL"}, "alertmanager": {"statename": "STOPPED"}}

    assert [service.name for service in watchers.asked(states)] == [*CORE, "prometheus"]


def test_prometheus_is_told_of_this_platform_and_keeps_a_bounded_amount(tmp_path: Path, installed: Path) -> None:
    here = a_context(tmp_path, PROMETHEUS_DAYS="3", PROMETHEUS_MB="200")
    service = SERVICES["prometheus"]
    service.prepare(here)
    told = yaml.safe_load((tmp_path / "data" / "prometheus" / "prometheus.yml").read_text())
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in told["scrape_configs"]}

    assert told["global"]["external_labels"] == {"site": SITE}
    assert targets["web"] == ["127.0.0.1:8850"]
    assert targets["lake"] == ["127.0.0.1:8853"]
    assert "$" not in (tmp_path / "data" / "prometheus" / "prometheus.yml").read_text()
    argv = service.command(here).argv
    assert "--storage.tsdb.retention.time=3d" in argv
    assert "--storage.tsdb.retention.size=200MB" in argv
    assert "--web.listen-address=127.0.0.1:9940" in argv


def test_every_start_writes_the_configuration_anew(tmp_path: Path) -> None:
    here = a_context(tmp_path)
    for name in ("prometheus", "alertmanager"):
        path = tmp_path / "data" / name / f"{name}.yml"
        SERVICES[name].prepare(here)
        first = path.read_text()
        path.write_text("old")
        SERVICES[name].prepare(here)
        assert path.read_text() == first


def test_only_the_owner_reads_the_token_of_alertmanager(tmp_path: Path, installed: Path) -> None:
    here = a_context(tmp_path)
    SERVICES["alertmanager"].prepare(here)
    token = tmp_path / "data" / "alertmanager" / "token"
    told = yaml.safe_load((tmp_path / "data" / "alertmanager" / "alertmanager.yml").read_text())
    webhook = told["receivers"][0]["webhook_configs"][0]

    assert (token.read_text(), token.stat().st_mode & 0o777) == ("secret", 0o600)
    assert webhook["url"] == f"{SITE}/api/v1/alerts"
    assert webhook["http_config"]["authorization"]["credentials_file"] == str(token)
    assert not any("secret" in argument for argument in SERVICES["alertmanager"].command(here).argv)


def test_programs_are_told_of_those_that_watch_only(tmp_path: Path) -> None:
    secrets = dict.fromkeys((*PASSWORDS, *ACCESS_KEYS), "x")

    def told(platform: Platform, *names: str) -> tuple[str, str]:
        settings = environment.resolve(platform, secrets, "/java", "/jars", names)
        return settings["PROMETHEUS_URL"], settings["PUSHGATEWAY_URL"]

    assert told(a_platform(tmp_path), *CORE) == ("", "")
    assert told(a_platform(tmp_path), *WATCHING) == ("http://127.0.0.1:9940", "http://127.0.0.1:9941")
    other = "http://prometheus.example:9090"
    assert told(a_platform(tmp_path, PROMETHEUS_URL=other)) == (other, "")
