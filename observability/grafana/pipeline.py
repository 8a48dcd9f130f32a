"""Pipeline: from Kafka to radar, tracker and lake, how fast, how far behind, and what was refused."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from observability.grafana.boards import Row, board
from observability.grafana.panels import lines, number
from observability.grafana.questions import Metric, or_zero, percentile, rate
from observability.grafana.style import COUNT, FRAMES_S, MESSAGES_S, SECONDS, above

LAGS: Final = {"tracker": "tracker", "spark": "lake writer", "ingest": "ingest of reports", "worker": "jobs"}


def dashboard() -> Dashboard:
    """The way of a message."""
    return board(
        "hocotate-pipeline",
        "Pipeline",
        "The way of messages from Kafka to radar, tracker and lake: rates, lags, delays, and what could not be read.",
        [Row("", _numbers()), Row("Rates and lags", _flow()), Row("Radar", _radar()), Row("Refused", _refused())],
        pages=[("Status", "/status/"), ("Dead letters", "/admin/telemetry/deadletterreplay/letters/")],
    )


def _numbers() -> list[Panel]:
    return [
        number(
            "Messages",
            "Messages read a second; worry when it falls while ships are under way.",
            Metric("feed:messages:rate1m"),
            unit=MESSAGES_S,
            decimals=1,
        ),
        number(
            "Behind real time, p99",
            "From a ship's clock to the frame that shows it, for 99 of 100; beyond 1 s the radar is slow.",
            Metric("radar:latency_seconds:p99"),
            unit=SECONDS,
            steps=above(1, 5),
        ),
        number(
            "Newest message",
            "Age of the newest message on the radar; beyond 5 s nothing is shown as live.",
            Metric("max(radar_newest_event_age_seconds)"),
            unit=SECONDS,
            steps=above(2, 5),
        ),
        number(
            "Tracker behind",
            "Seconds of messages that wait for the tracker at the present rate; beyond half a minute it is behind.",
            Metric('max(platform_part_lag{part="tracker"}) / on () clamp_min(feed:messages:rate1m, 1)'),
            unit=SECONDS,
            steps=above(10, 30),
        ),
        number(
            "Lake behind",
            "Seconds of messages that wait for the lake at the present rate; beyond a minute it is behind.",
            Metric('max(platform_part_lag{part="spark"}) / on () clamp_min(feed:messages:rate1m, 1)'),
            unit=SECONDS,
            steps=above(30, 60),
        ),
        number(
            "Dead letters",
            "Messages of the time range that could not be read; they are kept, and can be sent again once mended.",
            Metric(or_zero("sum(increase(tracker_invalid_total[$__range]))")),
            unit=COUNT,
            steps=above(1),
            decimals=0,
        ),
    ]


def _flow() -> list[Panel]:
    return [
        lines(
            "Messages a second",
            "Radar, tracker and lake read the same messages; worry when one of the lines leaves the others.",
            [
                Metric(rate("radar_messages_total"), "radar"),
                Metric(rate("tracker_messages_total"), "tracker"),
                Metric('sum(rate(lake_rows_total{table="raw"}[$__rate_interval]))', "lake, rows of raw"),
            ],
            unit=MESSAGES_S,
        ),
        lines(
            "Waiting",
            "Messages, reports and jobs that wait, asked once a minute; worry about a line that only rises.",
            [Metric(f'max(platform_part_lag{{part="{part}"}})', title) for part, title in LAGS.items()],
            unit=COUNT,
        ),
        lines(
            "Time of a batch",
            "How long tracker and lake work on one batch; a lake batch should stay below its trigger.",
            [
                Metric(percentile(0.95, "tracker_batch_seconds"), "tracker, p95"),
                Metric('max(lake_batch_seconds{table="raw"})', "lake, the last one"),
            ],
            unit=SECONDS,
        ),
        lines(
            "Loops",
            "Since each main loop last turned; a loop that stands for 20 s (the lake's: 60 s) is stuck.",
            [
                Metric("time() - max(radar_loop_timestamp_seconds > 0)", "radar"),
                Metric("time() - max(tracker_loop_timestamp_seconds > 0)", "tracker"),
                Metric("time() - max(lake_loop_timestamp_seconds > 0)", "lake"),
            ],
            unit=SECONDS,
        ),
    ]


def _radar() -> list[Panel]:
    return [
        lines(
            "Delay from ship to frame",
            "Half, 95 and 99 of 100 readings are shown within this time; beyond 1 s the radar is slow.",
            [
                Metric(percentile(0.5, "radar_latency_seconds"), "p50"),
                Metric(percentile(0.95, "radar_latency_seconds"), "p95"),
                Metric("radar:latency_seconds:p99", "p99 of five minutes"),
            ],
            unit=SECONDS,
            steps=above(1),
        ),
        lines(
            "Frames",
            "Frames sent a second, and those that slow browsers got as part of a newer one; these may come and go.",
            [
                Metric(rate("radar_frames_total"), "sent"),
                Metric(rate("radar_merged_frames_total"), "merged for slow browsers"),
            ],
            unit=FRAMES_S,
        ),
        lines(
            "Time of a frame",
            "How long the radar builds and sends one frame; near a second it can't keep its pace.",
            [
                Metric(percentile(0.5, "radar_frame_seconds"), "p50"),
                Metric(percentile(0.95, "radar_frame_seconds"), "p95"),
            ],
            unit=SECONDS,
            steps=above(0.5, 1),
        ),
        lines(
            "Set aside by the radar",
            "Messages a second that were repeated or overtaken, or of missions that nobody registered; a rush of the "
            "latter is a ship without registration.",
            [
                Metric(rate("radar_old_total"), "repeated or overtaken"),
                Metric(rate("radar_unknown_total"), "of unknown missions"),
            ],
            unit=MESSAGES_S,
        ),
    ]


def _refused() -> list[Panel]:
    return [
        lines(
            "Dead letters by reason",
            "Messages that the tracker could not read; any is worth a look with `manage.py dead_letters groups`.",
            [
                Metric(
                    or_zero("sum by (reason) (increase(tracker_invalid_total[$__rate_interval]))", "reason"),
                    "{{reason}}",
                )
            ],
            unit=COUNT,
            bars=True,
        ),
        lines(
            "Waiting for the registry",
            "Messages that the radar holds until it knows their mission; worry when it does not fall again.",
            [
                Metric("max(radar_waiting)", "messages"),
                Metric("max(radar_silent)", "missions silent for an hour"),
            ],
            unit=COUNT,
        ),
    ]
