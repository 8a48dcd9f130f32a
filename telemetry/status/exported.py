"""What the status page knows, for Prometheus: how each part is, how far behind, and whether the invariants hold.

Read from the newest samples when Prometheus asks; a server that tells Prometheus nothing itself is seen this way too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from telemetry.models import AuditRun, PartState, StatusSample

from .selectors import newest

logger = logging.getLogger(__name__)

TEXTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "platform_part_up": ("1 where the part answers, 0 where it is down; none where it is not started.", ("part",)),
    "platform_part_degraded": ("1 where the part answers, but is not well.", ("part",)),
    "platform_part_answer_seconds": ("How long its answer took, in s.", ("part",)),
    "platform_part_lag": ("Messages, jobs or reports that wait for it.", ("part",)),
    "platform_part_freshness_seconds": ("Age of the newest that it has worked off, in s.", ("part",)),
    "platform_part_fact": ("More that it tells: rows, bytes, files, connections, ships.", ("part", "fact")),
    "platform_sampled_timestamp_seconds": ("When all parts were asked last, unix time.", ()),
    "platform_invariant_holds": ("1 where the invariant held in the newest audit, 0 where not.", ("invariant",)),
    "platform_audit_timestamp_seconds": ("When the newest audit began, unix time.", ()),
}


class StatusCollector(Collector):
    """The newest sample of each part and the newest audit. While the database is away it tells nothing."""

    def collect(self) -> Iterator[Metric]:
        """The families with what is known."""
        families = _families()
        try:
            _samples(families, newest().values())
            _audit(families, AuditRun.objects.first())
        except DatabaseError as error:
            logger.warning("Metrics of the parts are left out, the database does not tell them: %s", error)
            return
        yield from families.values()


def text() -> Iterator[str]:
    """The same as text. In no registry of the process: what Prometheus asks others for must not ask the database."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StatusCollector())
    yield generate_latest(registry).decode()


def _families() -> dict[str, GaugeMetricFamily]:
    return {name: GaugeMetricFamily(name, text, labels=labels) for name, (text, labels) in TEXTS.items()}


def _samples(families: Mapping[str, GaugeMetricFamily], samples: Iterable[StatusSample]) -> None:
    asked = None
    for sample in samples:
        asked = sample.asked_at
        if sample.state == PartState.IDLE:
            continue
        part = [sample.part]
        families["platform_part_up"].add_metric(part, sample.state != PartState.DOWN)
        families["platform_part_degraded"].add_metric(part, sample.state == PartState.DEGRADED)
        age = (timezone.now() - sample.asked_at).total_seconds()
        for name, value in (
            ("platform_part_answer_seconds", sample.seconds),
            ("platform_part_lag", sample.lag),
            # It has grown older since it was asked.
            ("platform_part_freshness_seconds", None if sample.freshness_s is None else sample.freshness_s + age),
        ):
            if value is not None:
                families[name].add_metric(part, value)
        for fact, told in sample.facts.items():
            if isinstance(told, int | float):
                families["platform_part_fact"].add_metric([*part, fact], told)
    if asked is not None:
        families["platform_sampled_timestamp_seconds"].add_metric([], asked.timestamp())


def _audit(families: Mapping[str, GaugeMetricFamily], audit: AuditRun | None) -> None:
    if audit is None:
        return
    families["platform_audit_timestamp_seconds"].add_metric([], audit.started_at.timestamp())
    for row in audit.rows:
        if row["ok"] is not None:
            families["platform_invariant_holds"].add_metric([row["name"]], row["ok"])
