"""The servers tell of themselves: what is started for it, as whom it asks, and what Prometheus is told of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack import environment
from stack.config import Platform
from stack.secrets import ACCESS_KEYS, PASSWORDS
from stack.services import CORE, EXPORTERS, SERVICES, WATCHING
from stack.services.base import Context
from stack.services.programs import PROGRAMS

SECRETS = {name: f"{name}-secret" for name in (*PASSWORDS, *ACCESS_KEYS)}


def a_context(home: Path, *watching: str) -> Context:
    """A platform that was prepared with these services watching it; its agent's jar is there."""
    platform = Platform(home=home, offset=850, settings={})
    jars = home / "jars"
    (jars / "agent").mkdir(parents=True)
    (jars / "agent" / "jmx_prometheus_javaagent-1.jar").touch()
    return Context(platform, SECRETS, environment.resolve(platform, SECRETS, "/java", str(jars / "spark"), watching))


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which the exporters are, under Debian's names; asked for help they say nothing."""
    folder = tmp_path_factory.mktemp("bin")
    for name in EXPORTERS:
        program = folder / PROGRAMS[name][0]
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def jobs(context: Context) -> dict[str, Any]:
    """What Prometheus is told to ask, by job."""
    SERVICES["prometheus"].prepare(context)
    told = yaml.safe_load((context.platform.data("prometheus") / "prometheus.yml").read_text())
    return {job["job_name"]: job for job in told["scrape_configs"]}


def targets(context: Context, job: str) -> list[str]:
    found: list[str] = jobs(context)[job]["static_configs"][0]["targets"]
    return found


def test_kafka_runs_with_the_agent_on_loopback_and_reads_our_rules(tmp_path: Path) -> None:
    argv = SERVICES["kafka"].command(a_context(tmp_path)).argv
    [agent] = [argument for argument in argv if argument.startswith("-javaagent:")]

    jar, _, rest = agent.removeprefix("-javaagent:").partition("=")
    assert jar == str(tmp_path / "jars" / "agent" / "jmx_prometheus_javaagent-1.jar")
    assert rest.startswith("127.0.0.1:10256:")
    rules = yaml.safe_load(Path(rest.removeprefix("127.0.0.1:10256:")).read_text())
    assert rules["includeObjectNames"]
    assert argv.index(agent) < argv.index("kafka.Kafka")


def test_a_broker_runs_without_the_agent_until_it_was_fetched(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    (tmp_path / "jars" / "agent" / "jmx_prometheus_javaagent-1.jar").unlink()

    argv = SERVICES["kafka"].command(context).argv

    assert not any("javaagent" in argument for argument in argv)
    assert "kafka.Kafka" in argv


def test_each_rule_of_the_agent_is_about_something_that_it_reads() -> None:
    rules = yaml.safe_load((Path(__file__).parents[2] / "observability" / "kafka" / "jmx.yml").read_text())
    read = {re.sub(r",(topic=)?\*$", "", name) for name in rules["includeObjectNames"]}

    for rule in rules["rules"]:
        domain, _, rest = rule["pattern"].partition("<")
        name = f"{domain}:{rest.partition('>')[0].replace(', ', ',')}"
        assert any(name.startswith(one) for one in read), rule["name"]


def test_the_object_store_serves_its_figures_on_loopback(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    SERVICES["seaweedfs"].prepare(context)
    argv = SERVICES["seaweedfs"].command(context).argv

    assert {"-metricsPort=10177", "-metricsIp=127.0.0.1"} <= set(argv)


@pytest.mark.usefixtures("installed")
def test_exporters_listen_on_loopback_and_keep_secrets_out_of_their_arguments(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    postgres, valkey = (SERVICES[name].command(context) for name in EXPORTERS)

    assert "--web.listen-address=127.0.0.1:10037" in postgres.argv
    assert "-web.listen-address=127.0.0.1:9971" in valkey.argv
    assert not any("secret" in argument for argument in (*postgres.argv, *valkey.argv))
    assert (postgres.env["DATA_SOURCE_USER"], postgres.env["DATA_SOURCE_PASS"]) == (
        "watcher",
        "WATCHER_DB_PASSWORD-secret",
    )
    assert (valkey.env["REDIS_USER"], valkey.env["REDIS_PASSWORD"]) == ("watcher", "VALKEY_WATCHER_PASSWORD-secret")


@pytest.mark.parametrize(
    ("flag", "left_out"),
    [
        ("      --collector.bgwriter       Enable the bgwriter collector", ["bgwriter"]),
        ("--[no-]collector.stat_bgwriter", []),
        ("--[no-]collector.database", ["database"]),
        ("--[no-]collector.database_wraparound", []),
        ("--[no-]collector.wal", ["wal"]),
    ],
)
def test_an_exporter_is_told_to_leave_out_what_it_knows_and_postgresql_refuses(
    tmp_path: Path, installed: Path, flag: str, left_out: list[str]
) -> None:
    (installed / PROGRAMS["postgres-exporter"][0]).write_text(f"#!/bin/sh\necho '{flag}'\n")

    argv = SERVICES["postgres-exporter"].command(a_context(tmp_path)).argv

    assert [one for one in argv if one.startswith("--no-collector")] == [f"--no-collector.{name}" for name in left_out]


def test_valkey_lets_the_watcher_ask_for_figures_and_for_nothing_else(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    SERVICES["valkey"].prepare(context)
    conf = context.platform.data("valkey") / "valkey.conf"
    [user] = [line for line in conf.read_text().splitlines() if line.startswith("user ")]

    assert user.startswith("user watcher on >VALKEY_WATCHER_PASSWORD-secret resetkeys resetchannels -@all ")
    assert {right.partition("|")[0] for right in user.split() if right.startswith("+")} == {
        "+info",
        "+latency",
        "+slowlog",
    }
    assert conf.stat().st_mode & 0o777 == 0o600


def test_prometheus_asks_the_servers_and_keeps_only_what_is_asked_for(tmp_path: Path) -> None:
    context = a_context(tmp_path, *WATCHING)

    assert targets(context, "kafka") == ["127.0.0.1:10256"]
    assert targets(context, "seaweedfs") == ["127.0.0.1:10177"]
    assert targets(context, "worker") == ["127.0.0.1:8855"]
    assert targets(context, "postgres-exporter") == ["127.0.0.1:10037"]
    assert targets(context, "valkey-exporter") == ["127.0.0.1:9971"]
    for name in ("kafka", "seaweedfs", *EXPORTERS):
        [rule] = jobs(context)[name]["metric_relabel_configs"]
        assert rule["action"] == "keep"


def test_an_exporter_that_was_not_started_is_not_missed(tmp_path: Path) -> None:
    context = a_context(tmp_path, *CORE, "prometheus")

    assert targets(context, "postgres-exporter") == []
    assert targets(context, "valkey-exporter") == []
