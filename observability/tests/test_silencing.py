"""One trouble is told once: what explains others silences them, and what happens to many ships is one notification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from observability.tests.site import Site
from observability.tests.watchers import eventually, free_ports, started
from stack.config import Platform
from stack.services.base import Context

SHIPS = 40
Labels = dict[str, str]


def alert(name: str, **labels: str) -> Labels:
    return {"alertname": name, "severity": "warning", **labels}


STALE = [alert("TelemetryStale", part="ships", ship_id=f"S{n}", mission_id=str(n)) for n in range(SHIPS)]

SILENCED = [
    pytest.param(alert("FeedStalled", part="feed"), STALE[0], id="a stalled feed explains a silent ship"),
    pytest.param(alert("TargetDown", part="lake"), alert("LakeStuck", part="lake"), id="a part that is down"),
    pytest.param(alert("TargetDown", part="radar"), STALE[0], id="without the radar nothing is known of ships"),
    pytest.param(alert("StatusOld", part="worker"), alert("PartDown", part="kafka"), id="an old status"),
    pytest.param(
        alert("PushTooOld", part="worker", job="ingest"),
        alert("IngestLate", part="worker", job="ingest"),
        id="a job that does not run",
    ),
    pytest.param(
        alert("ShipFailed", part="ships", ship_id="S0", mission_id="0"), STALE[0], id="a lost ship has no other trouble"
    ),
]
HEARD = [
    pytest.param(alert("TargetDown", part="lake"), alert("RadarStuck", part="radar"), id="another part"),
    pytest.param(
        alert("ShipFailed", part="ships", ship_id="S1", mission_id="1"), STALE[0], id="another ship that is lost"
    ),
    pytest.param(
        alert("PushTooOld", part="worker", job="marts"),
        alert("IngestLate", part="worker", job="ingest"),
        id="other job",
    ),
    pytest.param(alert("FeedStalled", part="feed"), alert("DiskLow", part="disk"), id="a stalled feed fills no disk"),
]


@pytest.fixture
def manager(tool: Callable[[str], str], site: Site, tmp_path: Path) -> Iterator[str]:
    """The address of an Alertmanager as the platform starts it, which tells of a group of alerts after a second."""
    tool("prometheus-alertmanager")
    [port] = free_ports(1)
    platform = Platform(tmp_path, 0, {"ALERTMANAGER_PORT": port})
    context = Context(platform, {"ALERTS_TOKEN": "secret"}, {"SITE_URL": f"http://127.0.0.1:{site.server_port}"})
    with started(context, ["alertmanager"], every="1s"):
        address = f"http://127.0.0.1:{port}"
        eventually("it is ready", lambda: httpx.get(f"{address}/-/ready", trust_env=False).is_success)
        yield address


def fire(manager: str, *alerts: Labels) -> None:
    """Tell it of alerts, as Prometheus does."""
    told = [{"labels": labels, "annotations": {"summary": "It is so."}} for labels in alerts]
    httpx.post(f"{manager}/api/v2/alerts", json=told, trust_env=False).raise_for_status()


def inhibited(manager: str, labels: Labels) -> bool:
    """Whether it keeps an alert back because of another; waits until it has looked at it."""

    def state() -> dict[str, Any] | None:
        alerts = httpx.get(f"{manager}/api/v2/alerts", trust_env=False).json()
        found = [one["status"] for one in alerts if one["labels"] == labels]
        return found[0] if found and found[0]["state"] != "unprocessed" else None

    return bool(eventually("the alert is looked at", state)["inhibitedBy"])


@pytest.mark.parametrize(("cause", "other"), SILENCED)
def test_what_explains_an_alert_silences_it(manager: str, cause: Labels, other: Labels) -> None:
    fire(manager, cause, other)

    assert inhibited(manager, other)
    assert not inhibited(manager, cause)


@pytest.mark.parametrize(("cause", "other"), HEARD)
def test_what_does_not_explain_an_alert_leaves_it(manager: str, cause: Labels, other: Labels) -> None:
    fire(manager, cause, other)

    assert not inhibited(manager, other)


def test_the_silence_of_many_ships_is_one_notification_and_the_feed_s_another_alone(manager: str, site: Site) -> None:
    fire(manager, *STALE)

    _path, _credential, body = eventually("the site hears of it", lambda: site.heard)[0]
    assert len(body["alerts"]) == SHIPS
    site.heard.clear()

    fire(manager, alert("FeedStalled", part="feed"), alert("TelemetryStale", part="ships", ship_id="NEW"))
    bodies = [heard[2] for heard in eventually("the site hears of the feed", lambda: site.heard)]
    assert [one["labels"]["alertname"] for body in bodies for one in body["alerts"]] == ["FeedStalled"]
