"""Lake and warehouse: how much is there, how fresh it is, whether jobs end well, and what the marts say."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from observability.grafana import marts
from observability.grafana.boards import Row, board
from observability.grafana.panels import lines, number
from observability.grafana.questions import Metric, or_zero
from observability.grafana.style import BYTES, COUNT, REQUESTS_S, ROWS_S, SECONDS, above
from observability.grafana.variables import PERIOD

JOB_S: Final = 2100
"""Ingest and marts run every 15 minutes; two runs that fail and a little more are too many."""
LATEST: Final = "time() - max by (table) (lake_last_commit_timestamp_seconds > 0)"


def dashboard() -> Dashboard:
    """What is kept."""
    return board(
        "hocotate-lake",
        "Lake and warehouse",
        "Rows, files and freshness of the lake, jobs of the warehouse, and the figures of its marts.",
        [
            Row("", _numbers()),
            Row("Lake", _lake()),
            Row("Jobs of the warehouse", _jobs()),
            Row("Figures of the warehouse", marts.panels()),
        ],
        pages=[("Analytics", "/analytics/"), ("SQL", "/lake/"), ("Status", "/status/")],
        variables=[PERIOD],
        since="now-3h",
        refresh="1m",
    )


def _numbers() -> list[Panel]:
    return [
        number(
            "Messages in the lake",
            "Rows of telemetry.raw; it only grows, unless old days leave.",
            Metric('max(lake_rows_total{table="raw"})'),
            unit=COUNT,
        ),
        number(
            "Size",
            "Bytes of telemetry.raw in the object store, asked once a minute.",
            Metric('max(platform_part_fact{part="lake", fact="bytes"})'),
            unit=BYTES,
        ),
        number(
            "Newest commit",
            "Since the lake last took messages in; beyond a minute while ships fly it is not fresh.",
            Metric('time() - max(lake_last_commit_timestamp_seconds{table="raw"})'),
            unit=SECONDS,
            steps=above(30, 60),
            decimals=0,
        ),
        number(
            "Lake behind",
            "Messages that wait for the lake, asked once a minute; worry when it only rises.",
            Metric('max(platform_part_lag{part="spark"})'),
            unit=COUNT,
        ),
        number(
            "Marts",
            "Since the marts were last built well; they are built every 15 minutes.",
            Metric('time() - max(batch_last_success_timestamp_seconds{job="marts"})'),
            unit=SECONDS,
            steps=above(1200, JOB_S),
            decimals=0,
        ),
        number(
            "Reports that failed",
            "Captains' reports in quarantine or not taken in as of the last run; mend and retry them in the admin.",
            Metric(or_zero('max(batch_failed_items{job="ingest"})')),
            unit=COUNT,
            steps=above(1),
        ),
    ]


def _lake() -> list[Panel]:
    return [
        lines(
            "Rows written",
            "Rows a second by table; track and ship_minute follow raw by a little.",
            [Metric("sum by (table) (rate(lake_rows_total[$__rate_interval]))", "{{table}}")],
            unit=ROWS_S,
        ),
        lines(
            "Age of the newest commit",
            "Freshness by table; dead_letters is as old as the last message that could not be read.",
            [Metric(LATEST, "{{table}}")],
            unit=SECONDS,
            width=6,
        ),
        lines(
            "Derived tables behind",
            "Since track had read all of raw; beyond ten minutes upkeep and derivation are stuck.",
            [Metric("time() - max(lake_derived_timestamp_seconds > 0)", "track")],
            unit=SECONDS,
            steps=above(300, 600),
            width=6,
        ),
        lines(
            "Data files",
            "Files by table; upkeep puts small ones together, so worry about a line that only rises.",
            [Metric("max by (table) (lake_data_files)", "{{table}}")],
            unit=COUNT,
        ),
        lines(
            "Upkeep",
            "How long the last upkeep of each kind took; none is drawn before the first.",
            [Metric(or_zero("max by (table, task) (lake_upkeep_seconds)", "task", "none yet"), "{{table}} {{task}}")],
            unit=SECONDS,
        ),
    ]


def _jobs() -> list[Panel]:
    return [
        lines(
            "Since the last run that went well",
            "Ingest and marts run every 15 minutes, maintenance every night; the dashed line is for the former.",
            [Metric("time() - max by (job) (batch_last_success_timestamp_seconds)", "{{job}}")],
            unit=SECONDS,
            steps=above(JOB_S),
            width=8,
        ),
        lines(
            "Duration of the last run",
            "By job; a build of the marts grows with new reports and not with old ones.",
            [Metric("max by (job) (batch_duration_seconds)", "{{job}}")],
            unit=SECONDS,
            width=8,
        ),
        lines(
            "SQL over HTTP",
            "Queries of lake and warehouse a second by outcome; many that are refused are somebody's script.",
            [
                Metric(
                    or_zero("sum by (outcome) (rate(lake_queries_total[$__rate_interval]))", "outcome"), "{{outcome}}"
                )
            ],
            unit=REQUESTS_S,
            width=8,
        ),
    ]
