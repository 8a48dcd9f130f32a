"""Figures, their bars, and the file that keeps them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Bar:
    """What a figure has to clear.

    Attributes:
        unit: of the value and the limit.
        limit: the bar.
        sense: "most" when the value may be at most the limit, "least" when it must be at least that.
    """

    unit: str
    limit: float
    sense: Literal["most", "least"] = "most"

    def cleared_by(self, value: float) -> bool:
        """Whether a value clears the bar; the bar itself does."""
        return value <= self.limit if self.sense == "most" else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.sense == 'most' else '≥'} {self.limit:g} {self.unit}".rstrip()


BARS: dict[str, Bar] = {
    "boot_seconds": Bar("s", 60),
    "rss_mb": Bar("MB", 3000),
    "e2e_latency_p50_ms": Bar("ms", 250),
    "e2e_latency_p99_ms": Bar("ms", 500),
    "lake_freshness_s": Bar("s", 15),
    "lake_rows_ratio": Bar("", 0.85, "least"),
    "compaction_share": Bar("%", 2),
    "compaction_freshness_s": Bar("s", 15),
    "lake_backlog_rss_mb": Bar("MB", 1300),
    "lake_lookup_ms": Bar("ms", 150),
    "lake_lookup_growth": Bar("", 1.5),
    "lake_scan_ratio": Bar("", 1.3),
    "ingest_rows_ratio": Bar("", 0.6, "least"),
    "ingest_small": Bar("", 8, "least"),
    "ingest_idle_growth": Bar("", 1.5),
    "sim_speedup": Bar("", 100, "least"),
    "produce_ratio": Bar("", 0.5, "least"),
    "recorder_ratio": Bar("", 0.8, "least"),
    "fleet_cpu": Bar("cores", 0.35),
    "fleet_cpu_growth": Bar("", 2.2),
    "fleet_rss_mb": Bar("MB", 500),
    "ship_rss_mb": Bar("MB", 110),
    "fleet_rss_growth_mb": Bar("MB", 20),
    "radar_bytes_ratio": Bar("", 0.05),
    "radar_latency_p99_ms": Bar("ms", 120),
    "radar_cpu_growth_clients": Bar("", 1.3),
    "radar_rss_mb": Bar("MB", 150),
    "radar_latency_5000_p99_ms": Bar("ms", 600),
    "radar_shown_5000": Bar("", 0.99, "least"),
    "radar_rss_5000_mb": Bar("MB", 250),
    "radar_cpu_growth_ships": Bar("", 2.2),
    "radar_frame_ms_1000": Bar("ms", 10),
    "radar_frame_ms_5000": Bar("ms", 33),
    "page_p95_ms": Bar("ms", 200),
    "radar_soak_growth": Bar("%", 5),
    "marts_incremental_ratio": Bar("", 0.1),
    "admin_open_ms": Bar("ms", 300),
    "metrics_cost": Bar("% of a core", 2),
    "metrics_scrape_ms": Bar("ms", 100),
    "metrics_ships_10000": Bar("ships", 2000),
    "capacity": Bar("ships", 10_000, "least"),
}
"""Every figure of `make bench`, by name."""


@dataclass(frozen=True)
class Result:
    """A measured figure."""

    name: str
    value: float

    @property
    def bar(self) -> Bar:
        """The bar of this figure."""
        return BARS[self.name]

    @property
    def ok(self) -> bool:
        """Whether it clears its bar."""
        return self.bar.cleared_by(self.value)

    def as_dict(self) -> dict[str, object]:
        """As it stands in bench.json."""
        return {"value": self.value, "unit": self.bar.unit, "bar": self.bar.limit, "ok": self.ok}


def merge(path: Path, results: Iterable[Result]) -> None:
    """Write results over those of earlier runs in the file, all or nothing; a file that is no JSON starts anew."""
    try:
        known = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        known = {}
    known |= {result.name: result.as_dict() for result in results}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(json.dumps(known, indent=1, sort_keys=True) + "\n")
    os.replace(file.name, path)
