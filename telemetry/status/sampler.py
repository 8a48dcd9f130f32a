"""Asks every part and keeps what they said: a row a part a minute, for a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Final

from django.utils import timezone

from telemetry.models import StatusSample

from . import business, processes, servers
from .answer import Answer, heard
from .parts import SHIPS

KEPT: Final = dt.timedelta(hours=24)

Ask = Callable[[], Answer]
OVER_THE_NET: Final[Mapping[str, Ask]] = {
    "kafka": servers.kafka,
    "registry": servers.registry,
    "store": servers.store,
    "postgresql": servers.postgresql,
    "valkey": servers.valkey,
    "prometheus": servers.prometheus,
    "grafana": servers.grafana,
    "radar": processes.radar,
    "tracker": processes.tracker,
    "spark": processes.spark,
    "lake": processes.lake,
    "web": processes.web,
    "worker": processes.worker,
    "beat": processes.beat,
}
"""Asked side by side."""
IN_THE_DATABASE: Final[Mapping[str, Ask]] = {
    SHIPS: business.ships,
    "ingest": business.ingest,
    "marts": business.marts,
}
"""Asked one after the other, on the connection of this thread."""
_FIELDS: Final = ("asked_at", "state", "said", "seconds", "version", "up_since", "lag", "freshness_s", "facts")


def sample() -> dt.datetime:
    """Ask all parts, keep what they say, and forget what is older than KEPT; the minute that it is kept under.

    Raises:
        DatabaseError: it can't be kept.
    """
    asked_at = timezone.now()
    answers = _answers()
    minute = asked_at.replace(second=0, microsecond=0)
    rows = [StatusSample(at=minute, part=part, asked_at=asked_at, **asdict(answer)) for part, answer in answers.items()]
    StatusSample.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["at", "part"], update_fields=list(_FIELDS)
    )
    StatusSample.objects.filter(at__lt=asked_at - KEPT).delete()
    return minute


def _answers() -> dict[str, Answer]:
    with ThreadPoolExecutor(max_workers=len(OVER_THE_NET), thread_name_prefix="status") as pool:
        asked = {part: pool.submit(heard, part, ask) for part, ask in OVER_THE_NET.items()}
        answers = {part: heard(part, ask) for part, ask in IN_THE_DATABASE.items()}
        answers |= {part: future.result() for part, future in asked.items()}
    answers["kafka"] = _with_rate(answers["kafka"])
    return answers


def _with_rate(kafka: Answer) -> Answer:
    """Messages a second since the sample before: what Kafka's ends went up by."""
    before = StatusSample.objects.filter(part="kafka", facts__has_key="end").order_by("-at").first()
    if before is None or "end" not in kafka.facts:
        return kafka
    seconds = (timezone.now() - before.asked_at).total_seconds()
    came = kafka.facts["end"] - before.facts["end"]
    rate = round(came / seconds, 1) if came >= 0 and seconds >= 1 else None
    return replace(kafka, facts={**kafka.facts, "per_second": rate})
