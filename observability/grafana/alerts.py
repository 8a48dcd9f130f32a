"""Panels about alerts, on more than one dashboard. The watchdog, which always fires, is left out."""

from __future__ import annotations

from grafana_foundation_sdk.models.dashboard import Panel

from observability.grafana.boards import FIRING
from observability.grafana.panels import lines, number
from observability.grafana.questions import Metric, or_zero
from observability.grafana.style import COUNT, above
from observability.grafana.tables import Column, table


def firing_count() -> Panel:
    """How many fire."""
    return number(
        "Alerts firing",
        "Alerts that fire now; each has a runbook in observability/runbooks and stands on the status page.",
        Metric(or_zero(f"count({FIRING})")),
        unit=COUNT,
        steps=above(1),
    )


def firing_now() -> Panel:
    """Which fire."""
    return table(
        "Alerts firing now",
        "Empty on a healthy platform; what to do about one is in observability/runbooks/<Alert>.md.",
        [Metric(f"count by (alertname, severity, part, ship_id) ({FIRING})")],
        [
            Column("alertname", "Alert"),
            Column("severity", "Severity", width=110),
            Column("part", "Part", width=110),
            Column("ship_id", "Ship", width=150),
        ],
    )


def firing_since() -> Panel:
    """Which fired in the time range."""
    return lines(
        "Alerts over time",
        "How many of each fired and when; what comes and goes again and again has a cause that nobody mended.",
        [Metric(or_zero(f"count by (alertname) ({FIRING})", "alertname"), "{{alertname}}")],
        unit=COUNT,
        bars=True,
    )
