"""The alerts say what is wrong and what to do, ask for metrics that are there, and fire when they should."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve

from observability.tests.promql import metrics_of
from ships_client.sim.rules import FUEL_PER_TICK_PRC, STRIDE_KM
from stack.config import ROOT
from stack.services import SERVICES
from stack.services.templates import OBSERVABILITY, rendered

Tool = Callable[[str], str]

PROMETHEUS = OBSERVABILITY / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
CASES = sorted((PROMETHEUS / "tests").glob("*.yml"))
RUNBOOKS = sorted((OBSERVABILITY / "runbooks").glob("*.md"))
SITE = "{{ $externalLabels.site }}"
SEVERITIES = {"critical", "warning", "info", "none"}
OURS = ("WEB", "RADAR", "TRACKER", "LAKE", "WORKER", "KAFKA", "STORE")
EXPORTERS = ("POSTGRES_EXPORTER", "VALKEY_EXPORTER")
PLACES = {
    **{name: f"127.0.0.1:{9000 + number}" for number, name in enumerate(OURS)},
    **{name: f"127.0.0.1:{9090 + number}" for number, name in enumerate(("PROMETHEUS", "PUSHGATEWAY", "ALERTMANAGER"))},
    **dict.fromkeys(EXPORTERS, ""),
    "SITE": "http://127.0.0.1:8000",
    "RULES": str(PROMETHEUS / "rules"),
}
OTHERS = {
    "up",
    "alertmanager_notifications_failed_total",
    "prometheus_rule_evaluation_failures_total",
    "process_start_time_seconds",
    "django_http_responses_total_by_status_total",
    "pg_stat_database_numbackends",
    "pg_settings_max_connections",
    "redis_memory_used_bytes",
    "redis_memory_max_bytes",
    "redis_evicted_keys_total",
}
"""Metrics of the servers and of django-prometheus."""


def groups() -> Iterator[dict[str, Any]]:
    for path in RULES:
        yield from yaml.safe_load(path.read_text())["groups"]


EVERY_RULE = [rule for group in groups() for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in EVERY_RULE if "alert" in rule}


def passes(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_are_valid(tool: Tool) -> None:
    passes(tool("promtool"), "check", "rules", *map(str, RULES))


@pytest.mark.parametrize("exporter", ["", "127.0.0.1:9187"], ids=["without exporters", "with them"])
def test_what_prometheus_is_told_is_valid(tool: Tool, tmp_path: Path, exporter: str) -> None:
    config = tmp_path / "prometheus.yml"
    config.write_text(rendered(PROMETHEUS / "prometheus.yml", {**PLACES, **dict.fromkeys(EXPORTERS, exporter)}))
    passes(tool("promtool"), "check", "config", str(config))


def test_what_alertmanager_is_told_is_valid(tool: Tool, tmp_path: Path) -> None:
    config = tmp_path / "alertmanager.yml"
    values = {**PLACES, "TOKEN_FILE": str(tmp_path / "token")}
    config.write_text(rendered(OBSERVABILITY / "alertmanager" / "alertmanager.yml", values))
    passes(tool("amtool"), "check-config", str(config))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_alerts_are_quiet_fire_and_end_when_they_should(tool: Tool, path: Path) -> None:
    passes(tool("promtool"), "test", "rules", str(path))


def test_every_alert_is_tested_quiet_firing_and_over() -> None:
    fired: dict[str, list[bool]] = {}
    for path in CASES:
        for case in yaml.safe_load(path.read_text())["tests"]:
            for asked in case["alert_rule_test"]:
                fired.setdefault(asked["alertname"], []).append(bool(asked["exp_alerts"]))

    assert fired.pop("Watchdog") == [True, True]
    assert fired == {name: [False, True, False] for name in ALERTS if name != "Watchdog"}


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_grave_it_is_what_is_wrong_and_what_to_do(name: str) -> None:
    labels, said = ALERTS[name]["labels"], ALERTS[name]["annotations"]

    assert labels["severity"] in SEVERITIES
    assert labels["part"]
    for text in (said["summary"], said["description"]):
        assert text.endswith(".")
        assert len(text) > 30
    assert said["runbook"] == f"observability/runbooks/{name}.md"
    assert (ROOT / said["runbook"]).is_file()
    assert said["dashboard"].startswith(f"{SITE}/")


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_links_to_a_page_that_is_there(name: str) -> None:
    path = ALERTS[name]["annotations"]["dashboard"].removeprefix(SITE).partition("?")[0]

    resolve(path.replace("{{ $labels.mission_id }}", "7"))


def test_every_runbook_is_of_an_alert_and_has_its_four_parts() -> None:
    assert {path.stem for path in RUNBOOKS} == set(ALERTS)
    for path in RUNBOOKS:
        headings = re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)
        assert headings == ["What it means", "Look", "Do", "When to ask for help"], path.name


def test_runbooks_and_alerts_name_only_commands_that_are_there() -> None:
    texts = [path.read_text() for path in RUNBOOKS] + [rule["annotations"]["description"] for rule in ALERTS.values()]
    text = "\n".join(texts)
    commands = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= commands
    assert set(re.findall(r"`(?:[A-Z_]+=\S+ )*make (?:-s )?([a-z]+)", text)) <= targets
    assert set(re.findall(r"make logs S=([a-z]+)", text)) <= {*SERVICES, "supervisord"}


def test_every_metric_of_a_rule_is_in_the_code() -> None:
    known = (
        set(named_in_code()) | told_by_kafka() | {rule["record"] for rule in EVERY_RULE if "record" in rule} | OTHERS
    )
    unknown = {
        (rule.get("alert") or rule["record"], metric)
        for rule in EVERY_RULE
        for metric in metrics_of(rule["expr"])
        if not known & {metric, metric.removesuffix("_total"), re.sub("_(bucket|sum|count)$", "", metric)}
    }
    assert not unknown


def test_the_way_home_is_reckoned_with_the_numbers_of_the_flight_rules() -> None:
    texts = {rule["record"]: rule["expr"] for rule in EVERY_RULE if "record" in rule}

    assert float(texts["ship:home_ticks"].rpartition("/")[2]) == STRIDE_KM
    assert f"- {FUEL_PER_TICK_PRC} * ship:home_ticks" in texts["ship:fuel_spare_percent"]


def test_inhibition_names_alerts_that_are_there() -> None:
    text = (OBSERVABILITY / "alertmanager" / "alertmanager.yml").read_text()
    named = {name for matched in re.findall(r'alertname(?:=~|!=|=)"([A-Za-z|]+)"', text) for name in matched.split("|")}
    assert named <= set(ALERTS)


def told_by_kafka() -> set[str]:
    """What the agent within the broker makes of what it reads."""
    rules = yaml.safe_load((OBSERVABILITY / "kafka" / "jmx.yml").read_text())["rules"]
    return {rule["name"] for rule in rules}


def named_in_code() -> Iterator[str]:
    """Every text that could name a metric, of the modules that deal with metrics."""
    for package in ("hocotate_site", "missions", "telemetry", "radar", "spark"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text()
            if "tests" in path.parts or not re.search(r"prometheus_client|hocotate_site\.exposition", source):
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
