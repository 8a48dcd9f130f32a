"""What the servers tell of themselves, and the worker of its tasks: rows of the dashboard Platform."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from observability.grafana.boards import Row
from observability.grafana.panels import lines
from observability.grafana.questions import Metric, percentile, rate
from observability.grafana.style import (
    A_MINUTE,
    BAD,
    BYTES,
    BYTES_S,
    COUNT,
    IDLE,
    MESSAGES_S,
    PERCENT,
    REQUESTS_S,
    SECONDS,
    above,
    below,
)

HITS: Final = rate("pg_stat_database_blks_hit")
HEAP: Final = 'job="kafka", area="heap"'
COLLECTING: Final = rate("jvm_gc_collection_seconds_sum", '{job="kafka"}')
TASK_P95: Final = "histogram_quantile(0.95, sum by (le, task) (rate(worker_task_seconds_bucket[$__rate_interval])))"


def rows() -> list[Row]:
    """A row for Kafka, for PostgreSQL with Valkey, and for the object store with the worker."""
    return [
        Row("Kafka", _kafka()),
        Row("PostgreSQL and Valkey", [*_postgresql(), *_valkey()]),
        Row("Object store and worker", [*_store(), *_worker()]),
    ]


def _kafka() -> list[Panel]:
    return [
        lines(
            "Kafka, messages taken",
            "Messages a second that the broker took, by topic; worry when telemetry stops while ships fly.",
            [Metric("sum by (topic) (rate(kafka_messages_in_total[$__rate_interval]))", "{{topic}}")],
            unit=MESSAGES_S,
            width=8,
        ),
        lines(
            "Kafka, taken and given",
            "Bytes a second; about three times as much is read as is written, since three readers follow each message.",
            [Metric(rate("kafka_bytes_in_total"), "taken"), Metric(rate("kafka_bytes_out_total"), "given")],
            unit=BYTES_S,
            width=8,
        ),
        lines(
            "Kafka, time to take a write",
            "Within this time the broker took half and 99 of 100 writes of late; beyond a second look at its disk.",
            [Metric("max by (quantile) (kafka_produce_seconds)", "{{quantile}}")],
            unit=SECONDS,
            steps=above(1),
            width=8,
        ),
        lines(
            "Kafka, on disk",
            "Bytes of each topic; what only grows lacks a limit of time or size.",
            [Metric("sum by (topic) (kafka_log_size_bytes)", "{{topic}}")],
            unit=BYTES,
            width=8,
        ),
        lines(
            "Kafka, heap",
            "Memory of its Java machine and the most that it may have; worry when the lower end of the saw comes near.",
            [
                Metric(f"max(jvm_memory_used_bytes{{{HEAP}}})", "used"),
                Metric(f"max(jvm_memory_max_bytes{{{HEAP}}})", "most"),
            ],
            unit=BYTES,
            colors={"most": IDLE},
            width=8,
        ),
        lines(
            "Kafka, garbage collection",
            "Share of its time that the broker stands still to tidy its memory; above a tenth the heap is too small.",
            [Metric(f"100 * {COLLECTING}", "stands still")],
            unit=PERCENT,
            steps=above(10),
            width=8,
        ),
    ]


def _postgresql() -> list[Panel]:
    return [
        lines(
            "PostgreSQL, connections",
            "By database, and the most that there may be; when all are taken, who asks for one is refused.",
            [
                Metric("sum by (datname) (pg_stat_database_numbackends) > 0", "{{datname}}"),
                Metric("max(pg_settings_max_connections)", "most"),
            ],
            unit=COUNT,
            colors={"most": IDLE},
            width=8,
        ),
        lines(
            "PostgreSQL, transactions",
            "A second, kept and undone; many that are undone are failures, or conflicts that somebody tries again.",
            [
                Metric(rate("pg_stat_database_xact_commit"), "kept"),
                Metric(rate("pg_stat_database_xact_rollback"), "undone"),
            ],
            unit=REQUESTS_S,
            colors={"undone": BAD},
            width=8,
        ),
        lines(
            "PostgreSQL, found in memory",
            "Share of what was read that needed no disk; when it sinks for long, queries ask for more than fits.",
            [Metric(f"100 * {HITS} / ({HITS} + {rate('pg_stat_database_blks_read')})", "found")],
            unit=PERCENT,
            steps=below(90),
            high=100,
            width=8,
        ),
    ]


def _valkey() -> list[Panel]:
    return [
        lines(
            "Valkey, memory",
            "Taken, and the most that it may take; full, it takes no more jobs.",
            [
                Metric("max(redis_memory_used_bytes)", "taken"),
                Metric("max(redis_memory_max_bytes)", "most"),
            ],
            unit=BYTES,
            colors={"most": IDLE},
        ),
        lines(
            "Valkey, commands",
            "A second; they follow the ships on the radar and the browsers that look at it.",
            [Metric(rate("redis_commands_processed_total"), "commands")],
            unit=REQUESTS_S,
        ),
    ]


def _store() -> list[Panel]:
    return [
        lines(
            "Object store, requests",
            "A second, by kind; the lake writes every few seconds, so that a silence of minutes means it stands still.",
            [Metric("sum by (type) (rate(SeaweedFS_s3_request_total[$__rate_interval]))", "{{type}}")],
            unit=REQUESTS_S,
        ),
        lines(
            "Object store, time to answer",
            "Within this time it answers half and 95 of 100 requests; the lake's commits wait for it.",
            [
                Metric(percentile(0.5, "SeaweedFS_s3_request_seconds"), "p50"),
                Metric(percentile(0.95, "SeaweedFS_s3_request_seconds"), "p95"),
            ],
            unit=SECONDS,
        ),
    ]


def _worker() -> list[Panel]:
    return [
        lines(
            "Worker, tasks",
            "A minute, by how they ended; failed ones stand in its log with their reason.",
            [Metric("60 * sum by (outcome) (rate(worker_tasks_total[$__rate_interval]))", "{{outcome}}")],
            unit=A_MINUTE,
            colors={"failed": BAD, "killed": BAD},
            bars=True,
        ),
        lines(
            "Worker, slowest tasks",
            "The five tasks with the highest p95; a build of the marts takes minutes, a heartbeat next to nothing.",
            [Metric(f"topk(5, {TASK_P95} > 0)", "{{task}}")],
            unit=SECONDS,
        ),
    ]
