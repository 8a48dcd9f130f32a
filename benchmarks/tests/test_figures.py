"""Bars, and the file of figures."""

import json
from pathlib import Path

import pytest

from benchmarks.figures import BARS, Bar, Result, merge


@pytest.mark.parametrize(("value", "ok"), [(59.9, True), (60, True), (60.1, False)])
def test_a_limit_is_cleared_up_to_itself(value: float, ok: bool) -> None:
    assert Bar("s", 60).cleared_by(value) is ok


@pytest.mark.parametrize(("value", "ok"), [(0.79, False), (0.8, True), (0.95, True)])
def test_a_ratio_is_cleared_from_itself_on(value: float, ok: bool) -> None:
    assert Bar("", 0.8, "least").cleared_by(value) is ok


def test_results_are_merged_over_earlier_runs(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    merge(path, [Result("boot_seconds", 40), Result("rss_mb", 3500)])
    merge(path, [Result("rss_mb", 2000)])
    assert json.loads(path.read_text()) == {
        "boot_seconds": {"value": 40, "unit": "s", "bar": 60, "ok": True},
        "rss_mb": {"value": 2000, "unit": "MB", "bar": 3000, "ok": True},
    }


def test_a_broken_file_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    path.write_text("{")
    merge(path, [Result("boot_seconds", 61)])
    assert json.loads(path.read_text())["boot_seconds"]["ok"] is False


def test_every_bar_reads_as_a_sentence_part() -> None:
    assert str(BARS["boot_seconds"]) == "≤ 60 s"
    assert str(BARS["lake_rows_ratio"]) == "≥ 0.85"
