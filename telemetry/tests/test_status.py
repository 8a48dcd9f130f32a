"""The parts' samples and the audits: what is asked, kept and forgotten, and what the page says of them."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from stack.services.base import Context
from telemetry.audit.finding import Finding
from telemetry.models import AuditRun, PartState, StatusSample
from telemetry.status import audits
from telemetry.status.answer import Answer, Unwell, heard
from telemetry.status.audits import audit_record
from telemetry.status.parts import PARTS, SHIPS
from telemetry.status.sampler import IN_THE_DATABASE, OVER_THE_NET, sample


@pytest.fixture
def somebody(client: Client, db: None) -> Client:
    """A person who has signed in."""
    client.force_login(User.objects.create_user("olimar"))
    return client


def text(client: Client, url: str = "/status/") -> str:
    """A page as it is read, without its pictures."""
    response = client.get(url)
    assert response.status_code == 200
    page = re.sub(r"<svg.*?</svg>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sampled(
    part: str, state: PartState = PartState.HEALTHY, *, now: dt.datetime, ago: int = 0, **more: Any
) -> StatusSample:
    """A sample of some minutes before `now`, which a test asks for once: a minute may end meanwhile."""
    at = now.replace(second=0, microsecond=0) - dt.timedelta(minutes=ago)
    return StatusSample.objects.create(part=part, state=state, at=at, asked_at=at, **more)


def all_sampled(now: dt.datetime, **states: PartState) -> None:
    """Every part in this minute, healthy unless said."""
    for part in [*PARTS, SHIPS]:
        said = "It did not answer." if part in states else ""
        sampled(part, states.get(part, PartState.HEALTHY), now=now, said=said)


@pytest.fixture
def now() -> dt.datetime:
    """The time of the test."""
    return timezone.now()


def test_every_part_of_the_page_is_asked() -> None:
    assert {*OVER_THE_NET, *IN_THE_DATABASE} == {*PARTS, SHIPS}


def test_the_servers_that_run_are_healthy_and_the_others_say_why_not(backing: Context, db: None) -> None:
    minute = sample()

    found = {row.part: row for row in StatusSample.objects.filter(at=minute)}
    assert set(found) == {*PARTS, SHIPS}
    for part in ("kafka", "registry", "store", "postgresql", "valkey", "ingest", "worker"):
        assert (part, found[part].state, found[part].said) == (part, PartState.HEALTHY, "")
        assert found[part].seconds is not None
    assert found["postgresql"].version.startswith("18.")
    assert found["postgresql"].up_since is not None
    assert found["valkey"].version
    assert re.fullmatch(r"[\d.]+", found["store"].version)
    assert found["registry"].version.startswith("3.")
    assert found["kafka"].facts["partitions"] == 6
    assert found["prometheus"].state == PartState.IDLE
    assert found["radar"].state == PartState.DOWN
    assert re.fullmatch(r"It did not answer \(\w+ after \d\.\d s\)\.", found["radar"].said)


def test_a_second_sample_of_a_minute_takes_the_place_of_the_first(backing: Context, db: None) -> None:
    first = sample()
    second = sample()

    if first == second:
        assert StatusSample.objects.count() == len(PARTS) + 1


def test_samples_of_more_than_a_day_are_forgotten(backing: Context, db: None, now: dt.datetime) -> None:
    sampled("kafka", ago=24 * 60 + 2, now=now)
    kept = sampled("kafka", ago=23 * 60, now=now)

    sample()

    old = StatusSample.objects.filter(at__lt=timezone.now() - dt.timedelta(hours=1))
    assert [row.pk for row in old] == [kept.pk]


def test_what_goes_wrong_is_the_answer_without_addresses_or_passwords() -> None:
    def fails() -> Answer:
        raise ConnectionError("redis://:secret@10.0.0.7:6379 refused")

    def unwell() -> Answer:
        raise Unwell("Its main loop has stood still for 40 s.")

    assert heard("valkey", fails).state is PartState.DOWN
    assert "secret" not in heard("valkey", fails).said
    assert "10.0.0.7" not in heard("valkey", fails).said
    assert heard("radar", unwell).said == "Its main loop has stood still for 40 s."


def test_an_outage_takes_seconds_not_minutes_and_shows_no_password(
    backing: Context, somebody: Client, settings: Settings
) -> None:
    settings.VALKEY_URL = "redis://:very-secret@127.0.0.1:1/0"
    settings.REGISTRY_URL = "http://user:very-secret@127.0.0.1:1/apis/ccompat/v7"
    began = timezone.now()

    sample()

    assert (timezone.now() - began).total_seconds() < 15
    page = somebody.get("/status/").content.decode()
    assert "Valkey is down." in page or "Schema registry is down." in page
    assert "very-secret" not in page
    assert site.DATABASES["default"]["PASSWORD"] not in page


def test_who_has_not_signed_in_is_led_to_the_login(client: Client, db: None) -> None:
    for url in ("/status/", "/status/now/"):
        assert client.get(url).headers["Location"].startswith("/login/")


def test_before_the_first_sample_it_says_that_nothing_is_measured(somebody: Client) -> None:
    page = text(somebody)

    assert "Nothing is measured yet." in page
    assert "No audit has run yet." in page


def test_when_all_is_well_the_banner_says_so(somebody: Client, now: dt.datetime) -> None:
    all_sampled(now, prometheus=PartState.IDLE, grafana=PartState.IDLE)

    page = text(somebody)

    assert "14 of 14 running parts are healthy" in page
    assert "All parts that are started are healthy." in page
    assert "16 parts, 2 not started" in page


def test_what_is_down_comes_before_what_is_broken_and_what_is_degraded(somebody: Client, now: dt.datetime) -> None:
    all_sampled(now, ingest=PartState.DEGRADED, tracker=PartState.DOWN)
    broken = Finding(
        3, "seq runs without a gap in ended missions", broken=["Mission 7 sent seq 0 to 9; the lake has 8."]
    )
    audit_record([broken.judged()], started_at=timezone.now())

    page = text(somebody)

    assert "Tracker is down. It did not answer. and 2 more" in page
    assert "Mission 7 sent seq 0 to 9; the lake has 8." in page
    assert "Seq runs without a gap in ended missions broken" in page


def test_samples_that_have_stopped_are_the_gravest(somebody: Client, now: dt.datetime) -> None:
    sampled("kafka", ago=10, now=now)

    assert re.search(r"Nothing has been measured for 1\d min", text(somebody))


def test_the_last_hour_has_a_mark_a_minute_and_none_for_a_minute_without_a_sample(
    somebody: Client, now: dt.datetime
) -> None:
    all_sampled(now)
    for ago in (1, 2, 4):
        sampled("kafka", PartState.DOWN if ago == 2 else PartState.HEALTHY, ago=ago, now=now)
    sampled("kafka", ago=90, now=now)

    page = somebody.get("/status/now/").content.decode()

    assert 'aria-label="4 samples in the last hour, 1 minute down"' in page


def test_lag_is_a_line_with_its_words_and_a_table(somebody: Client, now: dt.datetime) -> None:
    all_sampled(now)
    sampled("spark", ago=3, lag=1430, now=now)
    sampled("spark", ago=2, lag=200, now=now)

    page = text(somebody)

    assert "200 messages behind at" in page
    assert "1,430 at most" in page


def test_the_page_costs_the_same_however_long_the_platform_runs(somebody: Client, now: dt.datetime) -> None:
    for ago in range(0, 200, 2):
        sampled("kafka", ago=ago, now=now)

    with CaptureQueriesContext(connection) as captured:
        somebody.get("/status/")

    # Session and person, then four of the samples and two of the alerts.
    assert len(captured) == 8


def test_an_audit_is_kept_with_its_figures_and_old_ones_go(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audits, "KEPT", 3)
    good = Finding(1, "every message stands once in the lake", figures={"in raw": 1312052}).judged()

    runs = [audit_record([good, Finding(4, "x")], started_at=timezone.now()) for _ in range(5)]

    assert [run.pk for run in AuditRun.objects.all()] == [run.pk for run in runs[:1:-1]]
    assert runs[-1].ok
    assert runs[-1].rows[0]["figures"] == {"in raw": 1312052}


def test_both_jobs_are_on_the_schedule_and_end_before_their_next_turn() -> None:
    from telemetry import tasks

    entries = {entry["task"]: entry for entry in site.CELERY_BEAT_SCHEDULE.values()}
    for task, every in ((tasks.status_sample, 60), (tasks.audit_platform, 900)):
        entry = entries[task.name]
        assert entry["options"]["expires"] < every
        assert task.time_limit < every


def told(*arguments: str) -> tuple[str, int]:
    """What manage.py troubles prints, and its exit status."""
    out = StringIO()
    try:
        call_command("troubles", *arguments, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    return out.getvalue(), 0


def test_the_command_tells_every_trouble_and_exits_by_the_gravest(db: None, now: dt.datetime) -> None:
    assert told() == ("Nothing is measured yet. A worker asks each part once a minute.\n", 0)

    all_sampled(now, spark=PartState.DEGRADED, kafka=PartState.DOWN)
    words, status = told()
    assert status == 1
    assert [line.split(".")[0] for line in words.splitlines()] == ["Kafka is down", "Spark streaming is degraded"]
    rows, status = told("--json")
    assert [row["tone"] for row in json.loads(rows)] == ["bad", "warn"]


def test_the_command_says_that_all_is_well(db: None, now: dt.datetime) -> None:
    all_sampled(now)

    assert told() == ("All parts that are started are healthy.\n", 0)
    assert told("--json") == ("[]\n", 0)
