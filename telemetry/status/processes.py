"""Asks the platform's own processes: radar, tracker, lake writer, web, worker and beat."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

import httpx
from confluent_kafka import ConsumerGroupTopicPartitions
from confluent_kafka.admin import AdminClient
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from hocotate_site import kafka, kafka_stretch
from telemetry.lake import LakeAccess, LakeEmpty
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.offsets import committed_offsets
from telemetry.lake.tables import table
from telemetry.tasks import BEAT_KEY
from telemetry.tracker import GROUP

from .answer import PATIENCE_S, Answer, Unwell
from .servers import QUEUE, valkey_client

STILL_S = 30.0
"""A main loop that has not turned for so long stands still."""
LATE_S = 5.0
"""A message older than this is late."""
BEHIND_S = 30.0
"""A lake that is farther behind is degraded."""
BEAT_STILL_S = 45.0


class Samples:
    """What a process serves to Prometheus."""

    def __init__(self, host: str, port: int) -> None:
        began = time.monotonic()
        answer = httpx.get(f"http://{host}:{port}/metrics", timeout=PATIENCE_S, trust_env=False)
        answer.raise_for_status()
        self.seconds = time.monotonic() - began
        self._lines = answer.text.splitlines()

    def value(self, name: str, **labels: str) -> float | None:
        """The sum of the samples of this name and these labels; None without any."""
        # A large fleet has thousands of lines; only these are worth parsing.
        text = "".join(f"{line}\n" for line in self._lines if line.startswith(name))
        found = [
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        return sum(found) if found else None

    def turned(self, gauge: str) -> float:
        """Seconds since the main loop turned.

        Raises:
            Unwell: too many.
        """
        when = self.value(gauge)
        if not when:
            raise Unwell("It is up, but its main loop has not turned yet.")
        age = max(0.0, time.time() - when)
        if age > STILL_S:
            raise Unwell(f"Its main loop has stood still for {age:.0f} s.")
        return age

    @property
    def since(self) -> dt.datetime | None:
        """When the process was started."""
        began = self.value("process_start_time_seconds")
        return dt.datetime.fromtimestamp(began, dt.UTC) if began else None


def radar() -> Answer:
    """The ships that it shows, and the age of the newest message."""
    samples = Samples(settings.RADAR_METRICS_HOST, settings.RADAR_METRICS_PORT)
    samples.turned("radar_loop_timestamp_seconds")
    built, took = samples.value("radar_frame_seconds_count"), samples.value("radar_frame_seconds_sum")
    age = samples.value("radar_newest_event_age_seconds")
    return Answer(
        seconds=samples.seconds,
        version=version("channels"),
        up_since=samples.since,
        freshness_s=max(age, 0.0) if age is not None else None,
        facts={
            "ships": int(samples.value("radar_ships") or 0),
            "frame_ms": round(1000 * took / built, 1) if built and took else None,
        },
    )


def tracker() -> Answer:
    """Messages that its group has not worked off."""
    samples = Samples(settings.TRACKER_METRICS_HOST, settings.TRACKER_METRICS_PORT)
    age = samples.turned("tracker_loop_timestamp_seconds")
    # A client of its own: one that has outlived a restart of Kafka no longer finds the group's coordinator.
    admin = AdminClient({**kafka.address(), "log_level": 0})
    asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(GROUP)], request_timeout=PATIENCE_S)[GROUP]
    told = asked.result(timeout=PATIENCE_S + 1)
    committed = {p.partition: p.offset for p in told.topic_partitions if p.topic == settings.TOPIC_RAW}
    return Answer(
        seconds=samples.seconds,
        version=version("confluent-kafka"),
        up_since=samples.since,
        lag=behind({part: offset for part, offset in committed.items() if offset >= 0}),
        freshness_s=age,
    )


def behind(committed: Mapping[int, int]) -> int:
    """Messages that Kafka holds of telemetry.raw at or above these offsets."""
    held = kafka_stretch.bounds(settings.TOPIC_RAW, patience_s=PATIENCE_S)
    return sum(max(stretch.stop - max(committed.get(part, 0), stretch.start), 0) for part, stretch in held.items())


def spark() -> Answer:
    """Messages that it has not committed to the lake, and how long its batches take (s)."""
    samples = Samples(settings.LAKE_METRICS_HOST, settings.LAKE_METRICS_PORT)
    samples.turned("lake_loop_timestamp_seconds")
    commit = samples.value("lake_last_commit_timestamp_seconds", table="raw")
    age = max(0.0, time.time() - commit) if commit else None
    lag = behind(committed_offsets(LakeAccess.from_settings()))
    answer = Answer(
        seconds=samples.seconds,
        version=_spark_version(),
        lag=lag,
        freshness_s=age,
        facts={
            "rows_s": samples.value("lake_input_rows_per_second", table="raw"),
            "batch_s": samples.value("lake_batch_seconds", table="raw"),
        },
    )
    if lag and age is not None and age > BEHIND_S:
        return answer.degraded(f"{lag:,} messages wait, and the last commit is {age:.0f} s old.")
    return answer


def _spark_version() -> str:
    """Empty where Spark runs in an image of its own."""
    try:
        return version("pyspark")
    except PackageNotFoundError:
        return ""


def lake() -> Answer:
    """Rows and bytes of telemetry.raw, and the age of its newest commit."""
    access = LakeAccess.from_settings()
    began = time.monotonic()
    try:
        location = metadata_locations(access)["raw"]
    except (LakeEmpty, KeyError):
        return Answer(seconds=time.monotonic() - began, facts={"rows": 0, "bytes": 0})
    raw = table(access, "raw", location)
    age = (dt.datetime.now(dt.UTC) - raw.committed).total_seconds() if raw.committed else None
    facts = {"rows": raw.rows, "bytes": raw.bytes, "files": raw.files}
    return Answer(seconds=time.monotonic() - began, version="Iceberg v2", freshness_s=age, facts=facts)


def web() -> Answer:
    """Whether it answers."""
    site = settings.SITE_INNER_URL or settings.SITE_URL
    httpx.get(f"{site}/livez", timeout=PATIENCE_S, trust_env=False).raise_for_status()
    return Answer(version=f"Django {version('django')}")


def worker() -> Answer:
    """This is asked by a worker; what it tells is how many jobs wait."""
    with valkey_client() as client:
        waiting = int(client.llen(QUEUE))
    return Answer(version=version("celery"), lag=waiting)


def beat() -> Answer:
    """The age of the last heartbeat that went from beat through a worker."""
    with valkey_client() as client:
        last = client.get(BEAT_KEY)
    if not isinstance(last, bytes):
        raise Unwell("No heartbeat has come from the scheduler in the last minute.")
    age = max(0.0, time.time() - float(last))
    answer = Answer(version=version("celery"), freshness_s=age)
    return answer.degraded(f"Its last heartbeat is {age:.0f} s old.") if age > BEAT_STILL_S else answer
