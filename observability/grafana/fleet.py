"""Fleet overview: who flies, how ships do, and which of them need attention."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from observability.grafana.alerts import firing_count, firing_now, firing_since
from observability.grafana.boards import Row, board
from observability.grafana.panels import lines, number
from observability.grafana.questions import Metric, or_zero
from observability.grafana.style import (
    A_MINUTE,
    BAD,
    COUNT,
    GOOD,
    IDLE,
    INFO,
    MESSAGES_S,
    MILLION_KM,
    PERCENT,
    RATIO,
    SECONDS,
    WARN,
    above,
    below,
)
from observability.grafana.tables import MISSION, SHIP, Column, table

ENDED: Final = "unless on (ship_id, mission_id) (ship_mission_failure == 1 or ship_mission_success == 1)"
HEALTH: Final = f"max by (ship_id, mission_id) (ship_health_ratio) {ENDED}"
SPARE: Final = f"ship:fuel_spare_percent {ENDED}"
WORST: Final = f"bottomk(15, {HEALTH})"
AMONG_WORST: Final = f"and on (ship_id, mission_id) {WORST}"


def dashboard() -> Dashboard:
    """The fleet."""
    return board(
        "hocotate-fleet",
        "Fleet overview",
        "The fleet as the radar sees it: missions under way, links, fuel and health, and what needs a person.",
        [Row("", _numbers()), Row("Ships under way", _ships()), Row("Alerts", [firing_now(), firing_since()])],
        pages=[("Radar", "/"), ("Missions", "/missions/")],
    )


def _numbers() -> list[Panel]:
    return [
        number(
            "Missions under way",
            "Running missions on the radar; worry when it falls though none ended.",
            Metric(or_zero('sum(fleet_missions{status="RUNNING"})')),
            unit=COUNT,
        ),
        number(
            "Ships live",
            "Ships whose last message is at most 5 s old; it should be all that are under way.",
            Metric(or_zero('sum(radar_ships{link="live"})')),
            unit=COUNT,
        ),
        number(
            "Ships late or lost",
            "Ships that have been silent for more than 5 s; one is the ship's trouble, all at once are headquarters'.",
            Metric(or_zero('sum(radar_ships{link=~"late|lost"})')),
            unit=COUNT,
            steps=above(1),
        ),
        number(
            "Messages",
            "Messages read a second, one from each ship under way; worry when it falls below their number.",
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
        firing_count(),
    ]


def _ships() -> list[Panel]:
    return [
        lines(
            "Missions by phase",
            "How many are on their way out, at work and on their way back; many without a phase are of old ships.",
            [Metric('sum by (phase) (fleet_missions{status="RUNNING"})', "{{phase}}")],
            unit=COUNT,
        ),
        lines(
            "Ships by link",
            "What the radar says of each ship; worry when late and lost rise together.",
            [Metric("sum by (link) (radar_ships)", "{{link}}")],
            unit=COUNT,
            colors={"live": GOOD, "late": WARN, "lost": BAD, "ended": IDLE},
        ),
        lines(
            "Fuel beyond the way home",
            "Fuel that is left once a ship is home with 5 %; below 0 the least of them will not reach it.",
            [
                Metric(f"min({SPARE})", "least"),
                Metric(f"quantile(0.1, {SPARE})", "a tenth has less"),
                Metric(f"quantile(0.5, {SPARE})", "half has less"),
            ],
            unit=PERCENT,
            steps=below(0),
        ),
        lines(
            "Health",
            "Health of ships under way as a whole; below 30 % a ship may be lost.",
            [
                Metric(f"min({HEALTH})", "worst"),
                Metric(f"quantile(0.1, {HEALTH})", "a tenth is worse"),
                Metric(f"quantile(0.5, {HEALTH})", "half is worse"),
            ],
            unit=RATIO,
            steps=below(0.3),
            high=1,
        ),
        table(
            "Ships that need attention first",
            "The fifteen of the worst health with fuel beyond the way home and silence; click a ship for its readings.",
            [
                Metric(WORST),
                Metric(f"ship:fuel_spare_percent {AMONG_WORST}"),
                Metric(f"max by (ship_id, mission_id) (ship_distance_km) / 1e6 {AMONG_WORST}"),
                Metric(f"time() - max by (ship_id, mission_id) (ship_last_report_timestamp_seconds > 0) {AMONG_WORST}"),
            ],
            [
                SHIP,
                MISSION,
                Column("Value #A", "Health", RATIO, below(0.3, 0.8), decimals=0),
                Column("Value #B", "Fuel to spare", PERCENT, below(0, 5), decimals=1),
                Column("Value #C", "From Hocotate", MILLION_KM, decimals=0),
                Column("Value #D", "Silent for", SECONDS, above(5, 60), decimals=0),
            ],
        ),
        lines(
            "Missions begun and ended",
            "Missions begun and ended a minute; worry when failures outnumber what comes home.",
            [
                Metric("60 * sum(rate(missions_registered_total[$__rate_interval]))", "begun"),
                Metric(
                    or_zero(
                        "60 * sum by (status) (rate(missions_completed_total[$__rate_interval]))", "status", "SUCCESS"
                    ),
                    "{{status}}",
                ),
            ],
            unit=A_MINUTE,
            colors={"begun": INFO, "SUCCESS": GOOD, "FAILURE": BAD},
        ),
    ]
