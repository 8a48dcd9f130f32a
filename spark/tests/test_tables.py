"""The tables' statements."""

from __future__ import annotations

import msgspec
import pytest

from ships_client.contracts import HealthScores, Telemetry
from spark.columns import TELEMETRY
from spark.tables import DEAD_LETTERS, RAW, LakeTable, ddl


def test_every_field_of_a_message_has_a_column() -> None:
    fields = {field.name for field in msgspec.structs.fields(Telemetry)} - {"health_scores"}
    parts = {f"health_scores.{field.name}" for field in msgspec.structs.fields(HealthScores)}

    assert {column.attribute for column in TELEMETRY} == fields | parts


@pytest.mark.parametrize(("table", "day"), [(RAW, "days(event_time)"), (DEAD_LETTERS, "days(kafka_time)")])
def test_tables_are_partitioned_by_day_and_made_only_where_missing(table: LakeTable, day: str) -> None:
    statement = ddl(table)

    assert statement.startswith(f"CREATE TABLE IF NOT EXISTS fleet.telemetry.{table.name} (")
    assert f"PARTITIONED BY ({day})" in statement
