"""Dead letters in the admin, on a real lake and a real Kafka."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client
from pytest_django.fixtures import Settings

from hocotate_site import kafka_stretch
from missions.models import AuditEntry
from missions.tests.people import signed_in
from ships_client.contracts import Reason
from telemetry.models import DeadLetterReplay, ReplayState

from .test_letters import lake, place_of, site

__all__ = ["lake", "site"]

LETTERS = "/admin/telemetry/deadletterreplay/letters/"
pytestmark = pytest.mark.usefixtures("site")


def full(place: str) -> str:
    return f"telemetry.raw-{place}"


def sent() -> int:
    """Messages on the topic that letters are sent to."""
    topic = site_settings.TOPIC_RAW
    return len(list(kafka_stretch.messages(topic, kafka_stretch.bounds(topic), seconds=30)))


@pytest.fixture
def operator(site: None) -> Client:
    return signed_in("operator")


def test_letters_are_grouped_listed_and_filtered(operator: Client) -> None:
    whole = operator.get(LETTERS).text
    some = operator.get(LETTERS, {"reason": "unknown_field", "since": "7d"}).text
    none = operator.get(LETTERS, {"mission": 43}).text

    assert len(set(re.findall(r'name="place" value="([^"]+)"', whole))) == 12
    assert "By reason and field" in whole
    assert re.findall(r'name="place" value="([^"]+)"', some) == [full(place_of(Reason.UNKNOWN_FIELD))]
    assert "No dead letter matches" in none
    assert "is no time" in operator.get(LETTERS, {"since": "then"}).text


def test_one_letter_is_shown_with_its_fault(operator: Client) -> None:
    page = operator.get(f"{LETTERS}{full(place_of(Reason.OUT_OF_RANGE))}/").text

    assert "out_of_range" in page
    assert "^" in page
    assert "has no dead letter" in operator.get(f"{LETTERS}{full('3-9')}/", follow=True).text


def test_a_letter_is_tried_then_sent_once_and_noted(operator: Client) -> None:
    place = full(place_of(Reason.UNKNOWN_FIELD))
    field = operator.get(f"{LETTERS}{place}/").text
    named = re.search(r"^field +(\S+)$", field, re.MULTILINE)
    assert named is not None
    form = {"place": [place], "drop": named[1]}

    tried = operator.post(f"{LETTERS}replay/", form).text
    assert "1 would be sent" in tried
    assert not DeadLetterReplay.objects.exists()

    done = operator.post(f"{LETTERS}replay/", {**form, "send": "1"}, follow=True).text
    again = operator.post(f"{LETTERS}replay/", {**form, "send": "1"}, follow=True).text

    assert "1 were sent" in done
    assert "1 were sent before" in again
    row = DeadLetterReplay.objects.get()
    assert (row.state, row.replayed_by) == (ReplayState.SENT, "operator")
    assert sent() == 1
    noted = AuditEntry.objects.filter(action="replay dead letters").order_by("id")
    assert [(entry.who, entry.subject) for entry in noted] == [("operator", place)] * 2
    assert "Sent once more" in operator.get("/admin/admin/logentry/").text


def test_a_mend_that_no_message_takes_is_refused(operator: Client) -> None:
    place = full(place_of(Reason.UNKNOWN_FIELD))

    page = operator.post(f"{LETTERS}replay/", {"place": [place], "set": "speed=9"}, follow=True).text

    assert "have no field" in page
    assert "No letter was chosen" in operator.post(f"{LETTERS}replay/", {}, follow=True).text


def test_a_viewer_looks_and_sends_nothing() -> None:
    viewer, place = signed_in("viewer"), full(place_of(Reason.UNKNOWN_FIELD))

    assert 'name="place"' not in viewer.get(LETTERS).text
    assert viewer.post(f"{LETTERS}replay/", {"place": [place], "send": "1"}).status_code == 403
    assert not DeadLetterReplay.objects.exists()


def test_a_lake_that_is_away_is_told(operator: Client, settings: Settings) -> None:
    settings.LAKE_CATALOG_READER_URL = "postgresql://nobody:x@127.0.0.1:1/lake"

    page = operator.get(LETTERS)

    assert page.status_code == 200
    assert "does not answer" in page.text or "can't be reached" in page.text
