"""What Prometheus learns of the parts from the site: the newest samples and the newest audit."""

from __future__ import annotations

import datetime as dt
from typing import Any, NoReturn

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from telemetry.models import AuditRun, PartState, StatusSample
from telemetry.status.exported import TEXTS

pytestmark = pytest.mark.django_db


def told(client: Client) -> dict[tuple[str, ...], float]:
    """Values of /metrics by name and the values of its labels, in the order of their names."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
        if sample.name in TEXTS
    }


def sampled(part: str, *, ago: dt.timedelta = dt.timedelta(0), **more: Any) -> StatusSample:
    at = timezone.now() - ago
    return StatusSample.objects.create(part=part, at=at.replace(second=0, microsecond=0), asked_at=at, **more)


def test_each_part_is_told_as_it_was_last_asked(client: Client) -> None:
    assert told(client) == {}
    sampled("kafka", ago=dt.timedelta(minutes=2), state=PartState.DOWN)
    now = sampled("kafka", state=PartState.HEALTHY, seconds=0.25, facts={"kept": 7, "version": "four"})
    sampled("spark", state=PartState.DEGRADED, lag=12, freshness_s=31.0)
    sampled("web", state=PartState.DOWN)
    sampled("grafana", state=PartState.IDLE)

    values = told(client)

    assert {key: value for key, value in values.items() if key[0] == "platform_part_up"} == {
        ("platform_part_up", "kafka"): 1,
        ("platform_part_up", "spark"): 1,
        ("platform_part_up", "web"): 0,
    }
    assert values["platform_part_degraded", "spark"] == 1
    assert values["platform_part_answer_seconds", "kafka"] == 0.25
    assert values["platform_part_lag", "spark"] == 12
    assert 31 <= values["platform_part_freshness_seconds", "spark"] < 91
    assert values["platform_part_fact", "kept", "kafka"] == 7
    assert ("platform_part_fact", "version", "kafka") not in values
    assert values["platform_sampled_timestamp_seconds",] == pytest.approx(now.asked_at.timestamp(), abs=60)


def test_the_newest_audit_is_told_by_invariant(client: Client) -> None:
    rows = [{"name": "none lost", "ok": True}, {"name": "none doubled", "ok": False}, {"name": "later", "ok": None}]
    audit = AuditRun.objects.create(started_at=timezone.now(), seconds=1.5, ok=False, rows=rows)

    values = told(client)

    assert values["platform_invariant_holds", "none lost"] == 1
    assert values["platform_invariant_holds", "none doubled"] == 0
    assert ("platform_invariant_holds", "later") not in values
    assert values["platform_audit_timestamp_seconds",] == pytest.approx(audit.started_at.timestamp())


def test_without_the_database_the_process_own_metrics_are_still_told(client: Client) -> None:
    def away(*_anything: object) -> NoReturn:
        raise DatabaseError("the database is away")

    with connection.execute_wrapper(away):
        answer = client.get("/metrics")

    assert answer.status_code == 200
    assert b"python_info" in answer.content
    assert b"platform_part_up{" not in answer.content
