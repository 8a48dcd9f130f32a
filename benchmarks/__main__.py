"""`make bench`: measures, shows and keeps the figures; exits 1 when a bar is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from rich.console import Console
from rich.table import Table

from benchmarks import (
    admin,
    boot,
    capacity,
    compaction,
    ingest,
    lake,
    latency,
    load,
    lookup,
    marts,
    metrics_cost,
    pages,
    radar,
    radar_draw,
    ships,
    sim,
)
from benchmarks.figures import BARS, Result, merge
from stack.config import ROOT
from stack.errors import StackError

MEASURES: dict[tuple[str, ...], Callable[[], list[Result]]] = {
    ("boot_seconds", "rss_mb"): boot.measure,
    ("e2e_latency_p50_ms", "e2e_latency_p99_ms"): latency.measure,
    ("lake_freshness_s",): lake.measure_freshness,
    ("lake_rows_ratio",): lake.measure_rows_ratio,
    ("compaction_share", "compaction_freshness_s"): compaction.measure,
    ("lake_backlog_rss_mb",): compaction.measure_backlog,
    ("lake_lookup_ms", "lake_lookup_growth"): lookup.measure_lookup,
    ("lake_scan_ratio",): lookup.measure_scan,
    ("ingest_rows_ratio",): ingest.measure_rows,
    ("ingest_small",): ingest.measure_small,
    ("ingest_idle_growth",): ingest.measure_idle,
    ("sim_speedup",): sim.measure,
    ("produce_ratio", "recorder_ratio"): ships.measure_telemetry,
    ("fleet_cpu", "fleet_cpu_growth", "fleet_rss_mb"): load.measure_cpu,
    ("ship_rss_mb",): load.measure_ship,
    ("fleet_rss_growth_mb",): load.measure_flatness,
    ("radar_bytes_ratio", "radar_latency_p99_ms", "radar_cpu_growth_clients", "radar_rss_mb"): radar.measure_1000,
    (
        "radar_latency_5000_p99_ms",
        "radar_shown_5000",
        "radar_rss_5000_mb",
        "radar_cpu_growth_ships",
    ): radar.measure_5000,
    ("radar_frame_ms_1000", "radar_frame_ms_5000"): radar_draw.measure,
    ("page_p95_ms",): pages.measure,
    ("radar_soak_growth",): radar.measure_soak,
    ("marts_incremental_ratio",): marts.measure,
    ("admin_open_ms",): admin.measure,
    ("metrics_cost", "metrics_scrape_ms", "metrics_ships_10000"): metrics_cost.measure,
    ("capacity",): capacity.measure,
}
FILE = ROOT / ".run" / "bench.json"


@click.command()
@click.option("--only", type=click.Choice(list(BARS)), help="Measure this figure (and those of the same measurement).")
def main(only: str | None) -> None:
    """Measure on a platform of its own, and hold each figure against its bar."""
    console = Console()
    results: list[Result] = []
    for names, measure in MEASURES.items():
        if only is None or only in names:
            console.print(f"[bold]{', '.join(names)}[/]", highlight=False)
            try:
                found = measure()
            except StackError as error:
                sys.exit(str(error))
            merge(FILE, found)
            results += found
    table = Table("figure", "value", "bar", "", box=None)
    for result in results:
        mark = "[green]✓[/]" if result.ok else "[bold red]✗ missed[/]"
        table.add_row(result.name, f"{result.value:g} {result.bar.unit}".rstrip(), str(result.bar), mark)
    console.print(table)
    console.print(f"Kept in {FILE.relative_to(ROOT)}.")
    sys.exit(0 if all(result.ok for result in results) else 1)


main(prog_name="make bench")
