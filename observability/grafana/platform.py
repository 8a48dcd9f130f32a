"""Platform: whether every part is well, the site's requests, processes, disk and audits."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from observability.grafana import servers
from observability.grafana.alerts import firing_count, firing_now, firing_since
from observability.grafana.boards import Row, board
from observability.grafana.panels import lines, number, states
from observability.grafana.questions import Metric, or_zero, percentile, rate
from observability.grafana.style import (
    BAD,
    BYTES,
    CORES,
    COUNT,
    GOOD,
    IDLE,
    NONE_IS_GOOD,
    PERCENT,
    REQUESTS_S,
    SECONDS,
    WARN,
    Said,
    above,
    below,
)

PARTS: Final = "max by (part) (platform_part_up) + max by (part) (platform_part_up - platform_part_degraded)"
"""As one number: 2 well, 1 degraded, 0 down."""
WELL: Final = {2: Said("well", GOOD), 1: Said("degraded", WARN), 0: Said("down", BAD)}
ANSWERED: Final = {1: Said("answers", GOOD), 0: Said("silent", BAD)}
HOLDS: Final = {1: Said("holds", GOOD), 0: Said("broken", BAD)}
LATENCY: Final = "django_http_requests_latency_seconds_by_view_method"
FIVES: Final = '{status=~"5.."}'
ANSWERS: Final = "django_http_responses_total_by_status_total"
FREE: Final = "100 * max(platform_disk_free_bytes) / max(platform_disk_size_bytes)"


def dashboard() -> Dashboard:
    """The platform itself."""
    return board(
        "hocotate-platform",
        "Platform",
        "Whether every part is well, what the site answers, what servers and processes do, whether invariants hold.",
        [
            Row("", _numbers()),
            Row("Parts", _parts()),
            Row("Site", _site()),
            Row("Processes and disk", _processes()),
            *servers.rows(),
            Row("Alerts", [firing_now(), firing_since()]),
        ],
        pages=[("Status", "/status/"), ("Admin", "/admin/")],
        since="now-3h",
    )


def _numbers() -> list[Panel]:
    return [
        number(
            "Parts down",
            "Parts that did not answer when they were last asked; what is killed starts again by itself.",
            Metric(or_zero("count(max by (part) (platform_part_up) == 0)")),
            unit=COUNT,
            steps=NONE_IS_GOOD,
        ),
        number(
            "Parts degraded",
            "Parts that answer but are not well; the status page says what each of them said.",
            Metric(or_zero("sum(max by (part) (platform_part_degraded))")),
            unit=COUNT,
            steps=above(1),
        ),
        firing_count(),
        number(
            "Invariants broken",
            "Of the newest audit; with any, data is missing or doubled: delete nothing.",
            Metric(or_zero("count(max by (invariant) (platform_invariant_holds) == 0)")),
            unit=COUNT,
            steps=NONE_IS_GOOD,
        ),
        number(
            "Newest audit",
            "Since it began; there is one every 15 minutes, beyond half an hour the jobs stand still.",
            Metric("time() - max(platform_audit_timestamp_seconds)"),
            unit=SECONDS,
            steps=above(1800, 3600),
            decimals=0,
        ),
        number(
            "Disk free",
            "Of the disk with the platform's data; when it is full Kafka and PostgreSQL stop.",
            Metric(FREE),
            unit=PERCENT,
            steps=below(10, 30),
            decimals=0,
        ),
    ]


def _parts() -> list[Panel]:
    return [
        states(
            "Parts",
            "How each part was when it was asked, once a minute; a part that comes and goes is worse than it looks.",
            Metric(PARTS, "{{part}}"),
            WELL,
            width=24,
            height=12,
        ),
        lines(
            "Time to answer",
            "How long each part took to answer; worry about one that leaves its own level.",
            [Metric("max by (part) (platform_part_answer_seconds)", "{{part}}")],
            unit=SECONDS,
        ),
        states(
            "Invariants",
            "What the audits found, every 15 minutes; late data may break one for a moment, lost data keeps it broken.",
            Metric("max by (invariant) (platform_invariant_holds)", "{{invariant}}"),
            HOLDS,
        ),
    ]


def _site() -> list[Panel]:
    return [
        lines(
            "Answers",
            "Answers a second by status; worry when the fives are more than one in twenty.",
            [Metric(f"sum by (status) (rate({ANSWERS}[$__rate_interval]))", "{{status}}")],
            unit=REQUESTS_S,
            bars=True,
        ),
        lines(
            "Failures",
            "Share of answers that are the site's own failures; the dashed line is where the alert begins.",
            [Metric(f"100 * ({or_zero(rate(ANSWERS, FIVES))}) / {rate(ANSWERS)}", "5xx")],
            unit=PERCENT,
            steps=above(5),
            width=6,
        ),
        lines(
            "Turned away",
            "Requests a second that came too often or found no place, and sign-ins after too many wrong passwords.",
            [
                Metric(or_zero(rate("requests_limited_total")), "too often"),
                Metric(rate("requests_refused_total"), "no place"),
                Metric(rate("sign_ins_limited_total"), "sign-ins"),
            ],
            unit=REQUESTS_S,
            width=6,
        ),
        lines(
            "Time to answer a request",
            "Within this time the site answers half and 95 of 100 requests; beyond a second people notice.",
            [Metric(percentile(0.5, LATENCY), "p50"), Metric(percentile(0.95, LATENCY), "p95")],
            unit=SECONDS,
            steps=above(1),
        ),
        lines(
            "Slowest views",
            "The five views with the highest p95; a page that is slow alone has a query of its own to look at.",
            [
                Metric(
                    "topk(5, histogram_quantile(0.95, sum by (le, view) "
                    f"(rate({LATENCY}_bucket[$__rate_interval]))) > 0)",
                    "{{view}}",
                )
            ],
            unit=SECONDS,
        ),
    ]


def _processes() -> list[Panel]:
    return [
        lines(
            "Memory",
            "Resident memory of each process that is asked; worry about a line that only rises.",
            [Metric("max by (job) (process_resident_memory_bytes)", "{{job}}")],
            unit=BYTES,
        ),
        lines(
            "Processor time",
            "Cores that each process keeps busy; near 1 a process of ours is at its end.",
            [Metric("max by (job) (rate(process_cpu_seconds_total[$__rate_interval]))", "{{job}}")],
            unit=CORES,
        ),
        lines(
            "Disk",
            "Free bytes of the disk with the platform's data, and where the last hour leads within four.",
            [
                Metric("max(platform_disk_free_bytes)", "free"),
                Metric("clamp_min(max(predict_linear(platform_disk_free_bytes[1h], 4 * 3600)), 0)", "in four hours"),
            ],
            unit=BYTES,
            colors={"in four hours": IDLE},
            width=8,
        ),
        lines(
            "Stores",
            "Bytes that PostgreSQL, Valkey and the lake take; what grows faster than the fleet flies is worth a look.",
            [Metric('max by (part) (platform_part_fact{fact="bytes"})', "{{part}}")],
            unit=BYTES,
            width=8,
        ),
        states(
            "Targets",
            "Whether Prometheus gets an answer; a minute of silence is an alert.",
            Metric("max by (job) (up)", "{{job}}"),
            ANSWERED,
            width=8,
        ),
    ]
