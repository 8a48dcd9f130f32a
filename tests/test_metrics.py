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
from stack.testing import RunningPlatform
from tests.fleets import SAFE, flying, ships_on_radar, until

PAGE = ROOT / "docs" / "metrics.md"
OURS = re.compile(r"(missions|requests|sign_ins|lake|radar|tracker|platform|fleet|ship|batch)_")
PLACES = {"Site": "WEB_PORT", "Radar": "FLEET_METRICS_PORT", "Tracker": "TRACKER_METRICS_PORT"}
PLACES["Lake writer"] = "LAKE_METRICS_PORT"
SHARED = re.compile(r"(missions|requests|sign_ins|lake_quer|radar|tracker)")
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
    """Our metrics of an exposition, by the names that the page uses."""
    found = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(text)
    }
    return {name for name in found if OURS.match(name) and not name.endswith("_created")}


def served(env: Mapping[str, str], heading: str) -> set[str]:
    answer = httpx.get(f"http://127.0.0.1:{env[PLACES[heading]]}/metrics", timeout=20, trust_env=False)
    return families(answer.raise_for_status().text)


def test_what_jobs_push_is_documented() -> None:
    registry: CollectorRegistry = outcomes.metrics_of(outcomes.Outcome(failed_items=0), seconds=1, now=2)

    assert {family.name for family in registry.collect()} == documented()["Jobs"]


@pytest.mark.platform
@pytest.mark.timeout(600)
def test_every_process_serves_what_is_documented_and_nothing_else(
    platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("fleet") / "fleet.log"
    with flying(platform, log, "--ships", "2", "--seed", "6", *SAFE, "--keep"):
        until("ships are on the radar", lambda: ships_on_radar(platform) >= 2, 120)
        known = documented()
        for heading in PLACES:
            told = served(platform.env, heading)
            assert known[heading] - told == set(), heading
            assert {name for name in told - known[heading] if not SHARED.match(name)} == set(), heading
    everything = set().union(*known.values())
    assert {name for heading in PLACES for name in served(platform.env, heading)} <= everything
