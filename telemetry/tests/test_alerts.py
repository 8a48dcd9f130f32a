"""Alerts: what Alertmanager tells is kept once, shown on the status page and in the admin, and forgotten in time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from missions.models import AuditEntry
from missions.services import token_create
from missions.tests.people import signed_in
from telemetry.alerts.services import alerts_prune
from telemetry.models import Alert
from telemetry.tasks import alerts_prune as prune_task

URL = "/api/v1/alerts"
NEVER = "0001-01-01T00:00:00Z"


@pytest.fixture
def alertmanager(db: None) -> Client:
    """A client with the token of Alertmanager."""
    _token, secret = token_create(name="Alertmanager", scopes=["alerts:write"])
    return Client(headers={"authorization": f"Bearer {secret}"})


def an_alert(number: int = 1, *, ends: str = NEVER, starts: str = "", **labels: str) -> dict[str, Any]:
    """An alert as Alertmanager writes it: nanoseconds, and year 1 for no end."""
    return {
        "status": "firing" if ends == NEVER else "resolved",
        "labels": {"alertname": "TelemetryStale", "severity": "warning", "part": "ships", **labels},
        "annotations": {
            "summary": "SS_ORION has sent nothing for 2m.",
            "description": "Look at the ship.",
            "runbook": "observability/runbooks/TelemetryStale.md",
            "dashboard": "http://127.0.0.1:8000/missions/7/",
        },
        "startsAt": starts or f"{timezone.now() - dt.timedelta(minutes=5):%Y-%m-%dT%H:%M}:00.739266876Z",
        "endsAt": ends,
        "generatorURL": "http://127.0.0.1:9090/graph",
        "fingerprint": f"{number:016x}",
    }


def tell(client: Client, *alerts: dict[str, Any], **more: Any) -> tuple[int, Any]:
    """Send a notification."""
    body = {"version": "4", "receiver": "site", "status": "firing", "truncatedAlerts": 0, "alerts": alerts, **more}
    answer = client.post(URL, body, content_type="application/json")
    return answer.status_code, answer.json()


def test_an_alert_is_kept_with_its_labels_and_sentences(alertmanager: Client) -> None:
    assert tell(alertmanager, an_alert(ship_id="SS_ORION")) == (200, {"alerts": 1})

    kept = Alert.objects.get()
    assert (kept.name, kept.severity, kept.part, kept.ends_at) == ("TelemetryStale", "warning", "ships", None)
    assert kept.summary == "SS_ORION has sent nothing for 2m."
    assert kept.labels["ship_id"] == "SS_ORION"


def test_the_same_notification_twice_changes_nothing_but_when_it_was_told(alertmanager: Client) -> None:
    alert = an_alert()
    tell(alertmanager, alert)
    first = Alert.objects.get()

    assert tell(alertmanager, alert, alert) == (200, {"alerts": 1})

    again = Alert.objects.get()
    assert (again.pk, again.starts_at, again.ends_at) == (first.pk, first.starts_at, None)
    assert again.told_at > first.told_at


def test_an_alert_that_is_over_is_the_same_row_and_stays_over(alertmanager: Client) -> None:
    fires = an_alert()
    over = {**fires, "status": "resolved", "endsAt": "2026-11-29T03:02:03.5+02:00"}
    tell(alertmanager, fires)

    tell(alertmanager, over)
    tell(alertmanager, fires)

    assert Alert.objects.get().ends_at == dt.datetime(2026, 11, 29, 1, 2, 3, 500_000, dt.UTC)


def test_an_end_that_comes_before_its_beginning_is_kept(alertmanager: Client) -> None:
    fires = an_alert()
    over = {**fires, "status": "resolved", "endsAt": "2026-11-29T01:02:03Z"}

    assert tell(alertmanager, over, fires) == (200, {"alerts": 1})

    assert Alert.objects.get().ends_at is not None


def test_an_alert_that_begins_anew_is_another_one(alertmanager: Client) -> None:
    tell(alertmanager, an_alert(starts="2026-11-29T01:00:00Z"))
    tell(alertmanager, an_alert(starts="2026-11-29T02:00:00Z"))

    assert Alert.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fingerprint": "zz"}, "fingerprint is 'zz'"),
        ({"startsAt": 12}, "write it as ISO 8601 with zone"),
        ({"status": "resolved"}, "a resolved alert needs endsAt"),
        ({"status": "maybe"}, "input should be 'firing' or 'resolved'"),
        ({"labels": {"severity": "info"}}, "the label alertname is missing"),
        ({"labels": {"alertname": "a\x00"}}, "alertname"),
        ({"labels": {"alertname": "x", "long": "y" * 2001}}, "2000"),
    ],
)
def test_what_no_alert_can_be_is_refused_whole_with_a_sentence(
    alertmanager: Client, wrong: dict[str, Any], said: str
) -> None:
    status, problem = tell(alertmanager, an_alert(1), {**an_alert(2), **wrong})

    assert status == 422
    assert said in problem["detail"]
    assert not Alert.objects.exists()


@pytest.mark.parametrize(("body", "said"), [({"alerts": []}, "alerts is []"), ({"version": "3"}, "version is '3'")])
def test_a_notification_of_another_kind_is_refused(alertmanager: Client, body: dict[str, Any], said: str) -> None:
    status, problem = tell(alertmanager, an_alert(), **body)

    assert status == 422
    assert said in problem["detail"]


def test_more_alerts_than_a_call_may_have_are_refused(alertmanager: Client) -> None:
    assert tell(alertmanager, *(an_alert(n) for n in range(1001)))[0] == 422


def test_a_large_notification_is_taken_whole(alertmanager: Client) -> None:
    ended = "2099-11-29T01:02:03Z"
    told = [an_alert(n, ends=ended if n % 2 else NEVER) for n in range(500)]

    assert tell(alertmanager, *told) == (200, {"alerts": 500})

    assert Alert.objects.filter(ends_at=None).count() == 250


def test_only_a_token_for_alerts_tells_of_alerts(db: None) -> None:
    _token, ship = token_create(name="ship")

    assert tell(Client(), an_alert())[0] == 401
    status, problem = tell(Client(headers={"authorization": f"Bearer {ship}"}), an_alert())
    assert status == 403
    assert "this needs alerts:write" in problem["detail"]
    assert not Alert.objects.exists()


def test_the_audit_log_says_which_alerts_were_told(alertmanager: Client) -> None:
    tell(alertmanager, an_alert(1), an_alert(2, alertname="FeedStalled"))

    entry = AuditEntry.objects.get()
    assert (entry.who, entry.subject) == ("Alertmanager", "2 alerts: FeedStalled, TelemetryStale")


def status_page(client: Client) -> str:
    """The panel of alerts, as it stands in the page."""
    page = client.get("/status/now/").content.decode()
    found = re.search(r'<section class="panel" id="alerts".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


@pytest.fixture
def somebody(client: Client, db: None) -> Client:
    """A person who has signed in."""
    client.force_login(User.objects.create_user("olimar"))
    return client


def test_before_the_first_word_the_status_page_says_so(somebody: Client) -> None:
    panel = status_page(somebody)

    assert "Alertmanager has not been heard yet" in panel
    assert "No alert in the last 24 hours." in panel


def test_the_status_page_shows_what_fires_first_then_what_is_over(
    somebody: Client, alertmanager: Client, settings: Settings
) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    over = f"{timezone.now() - dt.timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    tell(alertmanager, an_alert(1, alertname="RadarLate", ends=over), an_alert(2), an_alert(3, alertname="Watchdog"))

    panel = status_page(somebody)

    assert panel.index("TelemetryStale") < panel.index("RadarLate")
    assert "1 alert firing" in panel
    assert 'href="/missions/7/"' in panel
    assert "observability/runbooks/TelemetryStale.md" in panel
    assert "Watchdog" not in panel


def test_a_link_leads_nowhere_but_to_the_site(somebody: Client, alertmanager: Client) -> None:
    for number, where in enumerate(("javascript:alert(1)", "https://elsewhere.example/", "//elsewhere.example/")):
        alert = an_alert(number)
        tell(alertmanager, {**alert, "annotations": {**alert["annotations"], "dashboard": where}})

    assert "href" not in status_page(somebody)


def test_an_alert_that_is_told_of_no_more_is_not_shown_as_firing(somebody: Client, alertmanager: Client) -> None:
    tell(alertmanager, an_alert())
    Alert.objects.update(told_at=timezone.now() - dt.timedelta(minutes=40))

    panel = status_page(somebody)

    assert "TelemetryStale" not in panel
    assert "Alertmanager heard 40 min 00 s ago" in panel


def test_a_storm_of_alerts_leaves_the_page_short_and_the_gravest_on_top(somebody: Client, alertmanager: Client) -> None:
    tell(alertmanager, an_alert(1000, alertname="FeedStalled", severity="critical", starts="2026-11-01T00:00:00Z"))
    tell(alertmanager, *(an_alert(n) for n in range(300)))

    panel = status_page(somebody)

    assert panel.count("<li>") == 12
    assert panel.index("FeedStalled") < panel.index("TelemetryStale")
    assert "12 or more alerts firing" in panel
    assert "There are more" in panel


def test_the_admin_lists_alerts_and_nobody_changes_them(alertmanager: Client) -> None:
    tell(alertmanager, an_alert())
    president = signed_in("administrator")

    page = president.get("/admin/telemetry/alert/", {"severity": "warning", "q": "orion"})

    assert "TelemetryStale" in page.text
    number = Alert.objects.get().pk
    assert president.get(f"/admin/telemetry/alert/{number}/change/").status_code == 200
    assert president.post(f"/admin/telemetry/alert/{number}/delete/").status_code == 403
    assert president.get("/admin/telemetry/alert/add/").status_code == 403


def test_alerts_of_more_than_a_month_are_forgotten(alertmanager: Client, settings: Settings) -> None:
    tell(alertmanager, an_alert(1), an_alert(2))
    now = timezone.now()
    Alert.objects.filter(fingerprint=f"{1:016x}").update(told_at=now - dt.timedelta(days=settings.ALERTS_DAYS, hours=1))

    assert alerts_prune(now=now) == 1
    prune_task()

    assert [alert.fingerprint for alert in Alert.objects.all()] == [f"{2:016x}"]
