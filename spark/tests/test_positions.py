"""A query without a checkpoint begins after what its table holds."""

from __future__ import annotations

import json

from spark.positions import EARLIEST, offsets_after


def test_each_partition_begins_after_its_highest_offset() -> None:
    offsets = json.loads(offsets_after({0: 41, 2: 0}, "telemetry.raw", 3))

    assert offsets == {"telemetry.raw": {"0": 42, "1": EARLIEST, "2": 1}}


def test_every_partition_of_the_topic_is_named_as_spark_asks() -> None:
    offsets = json.loads(offsets_after({0: 1}, "t", 6))

    assert list(offsets["t"]) == ["0", "1", "2", "3", "4", "5"]
