"""Prometheus, Pushgateway and Alertmanager themselves, as the platform starts them: what fires comes to the site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from hocotate_site.outcomes import Job, told
from observability.tests.site import Site
from observability.tests.watchers import eventually, free_ports, started
from stack.config import Platform
from stack.services import SERVICES
from stack.services.base import Context
from stack.services.programs import PROGRAMS
from telemetry.alerts.schemas import AlertsIn

THREE = ("prometheus", "alertmanager", "pushgateway")
PORTS = ("PROMETHEUS_PORT", "PUSHGATEWAY_PORT", "ALERTMANAGER_PORT")


@pytest.fixture
def here(tool: Callable[[str], str], site: Site, tmp_path: Path) -> Iterator[Context]:
    """The three, running; Prometheus looks each second."""
    for name in THREE:
        tool(PROGRAMS[name][0])
    platform = Platform(tmp_path, 0, dict(zip(PORTS, free_ports(len(PORTS)), strict=True)))
    context = Context(platform, {"ALERTS_TOKEN": "secret"}, {"SITE_URL": f"http://127.0.0.1:{site.server_port}"})
    with started(context, THREE, every="1s"):
        yield context


def test_the_three_run_as_the_platform_starts_them_and_alerts_come_to_the_site(
    here: Context, site: Site, settings: Settings
) -> None:
    for service in (SERVICES[name] for name in THREE):
        eventually(f"{service.title} answers", partial(service.ask, here))

    path, credential, body = eventually("the site hears of the watchdog", lambda: site.heard)[0]
    assert (path, credential) == ("/api/v1/alerts", "Bearer secret")
    alert = AlertsIn.model_validate(body).alerts[0]
    assert (alert.labels["alertname"], alert.status) == ("Watchdog", "firing")
    assert alert.annotations["dashboard"] == f"{here.settings['SITE_URL']}/status/"

    settings.PUSHGATEWAY_URL = f"http://127.0.0.1:{here.platform.port('PUSHGATEWAY_PORT')}"
    with told(Job.INGEST) as outcome:
        outcome.failed_items = 2

    def firing() -> list[dict[str, Any]]:
        url = f"http://127.0.0.1:{here.platform.port('PROMETHEUS_PORT')}/api/v1/alerts"
        alerts = httpx.get(url, trust_env=False).json()["data"]["alerts"]
        return [one for one in alerts if one["labels"]["alertname"] == "IngestFailing"]

    [failing] = eventually("two failed reports are an alert", firing)
    assert failing["labels"]["job"] == "ingest"
    assert "instance" not in failing["labels"]
    assert failing["annotations"]["summary"].startswith("2 captains' reports")
