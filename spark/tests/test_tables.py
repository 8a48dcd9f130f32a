"""The tables against the contract, and each step that leads to them."""

from __future__ import annotations

import msgspec
import pytest

from ships_client.contracts import HealthScores, Telemetry
from spark.columns import ARROW_TYPES, TELEMETRY, Column
from spark.migrations import MIGRATIONS
from spark.tables import TABLES, LakeTable, ddl


def test_every_field_of_a_message_has_a_column() -> None:
    fields = {field.name for field in msgspec.structs.fields(Telemetry)} - {"health_scores"}
    parts = {f"health_scores.{field.name}" for field in msgspec.structs.fields(HealthScores)}

    assert {column.attribute for column in TELEMETRY} == fields | parts


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_tables_are_partitioned_by_day_and_made_only_where_missing(table: LakeTable) -> None:
    statement = ddl(table)

    assert statement.startswith(f"CREATE TABLE IF NOT EXISTS fleet.telemetry.{table.name} (")
    assert f"PARTITIONED BY (days({table.time_column}))" in statement


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_a_known_type_and_says_what_it_means(table: LakeTable) -> None:
    by_name: dict[str, Column] = {column.name: column for column in table.columns}

    assert len(by_name) == len(table.columns)
    assert all(column.type in ARROW_TYPES and column.comment for column in table.columns)
    assert by_name.keys() >= {table.time_column, *table.order}


def test_steps_are_numbered_from_one_without_a_gap() -> None:
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
