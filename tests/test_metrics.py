"""docs/metrics.md and what running processes serve are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from hocotate_site import outcomes
from stack.config import ROOT
from stack.services.loops import sample
from stack.testing import RunningPlatform
from tests.fleets import SAFE, flying, ships_on_radar, until

PAGE = ROOT / "docs" / "metrics.md"
OURS = re.compile(r"(missions|requests|sign_ins|lake|radar|tracker|worker|platform|fleet|ship|batch)_")
PLACES = {"Site": "WEB_PORT", "Radar": "FLEET_METRICS_PORT", "Tracker": "TRACKER_METRICS_PORT"}
PLACES |= {"Lake writer": "LAKE_METRICS_PORT", "Worker": "WORKER_METRICS_PORT"}
SERVERS = {"Kafka": "KAFKA_METRICS_PORT", "Object store": "WEED_METRICS_PORT"}
SHARED = re.compile(r"(missions|requests|sign_ins|lake_quer|radar|tracker|worker)")
"""Defined in one module for all processes of the site, so that others than their own serve them too, as zero."""


def documented() -> dict[str, set[str]]:
    """Names of metrics by heading of the page."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    return {
        heading: {
            name for row in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall("`(.+?)`", row)
        }
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    }


def families(text: str) -> set[str]:
    """The metrics of an exposition, by the names that the page uses."""
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(text)
    }


def ours(names: set[str]) -> set[str]:
    """Those that are not of a library."""
    return {name for name in names if OURS.match(name) and not name.endswith("_created")}


def served(env: Mapping[str, str], heading: str) -> set[str]:
    return ours(families(exposition(env[PLACES[heading]])))


def exposition(port: str | int) -> str:
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=20, trust_env=False)
    return answer.raise_for_status().text


def test_what_jobs_push_is_documented() -> None:
    registry: CollectorRegistry = outcomes.metrics_of(outcomes.Outcome(failed_items=0), seconds=1, now=2)

    assert {family.name for family in registry.collect()} == documented()["Jobs"]


@pytest.mark.platform
@pytest.mark.timeout(600)
def test_the_worker_tells_of_the_tasks_that_its_children_run(platform: RunningPlatform) -> None:
    def heartbeats() -> float:
        text = exposition(platform.env["WORKER_METRICS_PORT"])
        labels = {"task": "telemetry.tasks.heartbeat", "outcome": "succeeded"}
        return sample(text, "worker_tasks_total", **labels) or 0

    before = heartbeats()

    # The scheduler's own, every few seconds.
    until("a heartbeat is counted", lambda: heartbeats() > before, 40)


@pytest.mark.platform
@pytest.mark.timeout(600)
def test_every_process_serves_what_is_documented_and_nothing_else(
    platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("fleet") / "fleet.log"
    with flying(platform, log, "--ships", "2", "--seed", "6", *SAFE, "--keep"):
        until("ships are on the radar", lambda: ships_on_radar(platform) >= 2, 120)
        known = documented()
        for heading, setting in SERVERS.items():
            told = families(exposition(platform.context.platform.port(setting)))
            assert known[heading] - told == set(), heading
            assert {name for name in told - known[heading] if name.startswith("kafka_")} == set()
        for heading in PLACES:
            told = served(platform.env, heading)
            assert known[heading] - told == set(), heading
            assert {name for name in told - known[heading] if not SHARED.match(name)} == set(), heading
    everything = set().union(*known.values())
    assert {name for heading in PLACES for name in served(platform.env, heading)} <= everything
