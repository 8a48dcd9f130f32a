"""What consumers tell of themselves is read out of their metrics."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, generate_latest

from benchmarks.capacity_load import aloft_by, tail
from benchmarks.lags import committed, value
from spark.metrics import LakeMetrics


def test_the_offsets_of_raw_alone_are_those_of_the_lake() -> None:
    metrics = LakeMetrics()
    metrics.progressed("raw", {0: 12_345_678, 5: 7}, 100.0, 2.0)
    metrics.progressed("dead_letters", {0: 99}, 0.0, 1.0)
    assert committed(generate_latest(metrics.registry).decode()) == {0: 12_345_678, 5: 7}


def test_a_metric_is_found_by_its_whole_name() -> None:
    registry = CollectorRegistry()
    Counter("radar_messages_total", "Read.", registry=registry).inc(123_456_789)
    Counter("radar_messages_total_more", "None of it.", registry=registry).inc(1)
    text = generate_latest(registry).decode()
    assert value(text, "radar_messages_total") == 123_456_789
    assert value(text, "radar_messages") is None


def test_the_ships_in_the_air_are_those_of_the_newest_whole_status(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        'Registering.\n{"line":"status","phases":{"OUTBOUND":3}}\n'
        '{"line":"status","phases":{"OUTBOUND":4,"RETURNING":1}}\n'
        '{"line":"event","kind":"launched"}\n{"line":"status","phases":{"OUT'
    )
    assert aloft_by(tail(log)) == 5
    assert aloft_by([]) == 0
