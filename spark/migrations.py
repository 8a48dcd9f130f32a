"""Numbered steps that bring a lake of any earlier version to `spark.tables`, by Iceberg's own schema evolution.

Each step can be run again after it was cut off. The namespace's property `lake.version` names the last step that is
done. What a step says is frozen: a later change is a further step. Comments and table properties are no structure;
`describe` brings them up to date at each start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pyspark.sql import SparkSession

from spark.errors import LakeError
from spark.session import CATALOG, gateway, jvm
from spark.tables import DEAD_LETTERS, NAMESPACE, RAW, SHIP_MINUTE, TABLES, TRACK, LakeTable, ddl, iceberg_table

log = logging.getLogger(__name__)

VERSION: Final = "lake.version"

_TELEMETRY_1: Final = (
    "event_time timestamp, mission_id bigint, ship_id string, seq bigint, phase string,"
    " coord_x double, coord_y double, coord_z double, distance_from_hocotate_km double, fuel_prc double,"
    " motor_temp_c double, engine_pressure_kpa double, power_core_temp_c double, navigation_signal_db double,"
    " status string, malfunctioned_component string, health_motor double, health_engine double, health_core double,"
    " health_fuel double, normalized_health_total double, ship_condition string, mission_status string"
)
_KAFKA_1: Final = (
    "contract string, kafka_topic string, kafka_partition int, kafka_offset bigint, kafka_time timestamp,"
    " ingest_time timestamp"
)
_MINUTE_3: Final = (
    "minute timestamp, ship_id string, mission_id bigint, messages bigint, gaps bigint, late bigint,"
    " first_seq bigint, last_seq bigint, first_time timestamp, last_time timestamp,"
    " first_x double, first_y double, first_z double, last_x double, last_y double, last_z double,"
    " fuel_prc_min double, fuel_prc_avg double, fuel_prc_max double,"
    " motor_temp_c_min double, motor_temp_c_avg double, motor_temp_c_max double,"
    " engine_pressure_kpa_min double, engine_pressure_kpa_avg double, engine_pressure_kpa_max double,"
    " power_core_temp_c_min double, power_core_temp_c_avg double, power_core_temp_c_max double,"
    " navigation_signal_db_min double, navigation_signal_db_avg double, navigation_signal_db_max double,"
    " distance_from_hocotate_km_min double, distance_from_hocotate_km_avg double,"
    " distance_from_hocotate_km_max double, normalized_health_total_min double,"
    " normalized_health_total_avg double, normalized_health_total_max double, repairs bigint, failures bigint"
)


@dataclass(frozen=True)
class Migration:
    """A step: its number, what it does in words, and how."""

    number: int
    what: str
    apply: Callable[[SparkSession], None]


def _make_streamed(session: SparkSession) -> None:
    session.sql(ddl(RAW, f"{_TELEMETRY_1}, {_KAFKA_1}"))
    session.sql(ddl(DEAD_LETTERS, f"reason string, field string, detail string, raw binary, {_KAFKA_1}"))


def _add_key(session: SparkSession) -> None:
    if "kafka_key" not in _names(session, DEAD_LETTERS):
        session.sql(f"ALTER TABLE {DEAD_LETTERS.identifier} ADD COLUMN kafka_key binary AFTER raw")


def _make_derived(session: SparkSession) -> None:
    place = "kafka_partition int, kafka_offset bigint, kafka_time timestamp, ingest_time timestamp"
    session.sql(ddl(TRACK, f"{_TELEMETRY_1}, {place}"))
    session.sql(ddl(SHIP_MINUTE, _MINUTE_3))


MIGRATIONS: Final = (
    Migration(1, "tables raw and dead_letters", _make_streamed),
    Migration(2, "key of a dead letter, to send it again", _add_key),
    Migration(3, "tables track and ship_minute", _make_derived),
)


def migrate(session: SparkSession) -> None:
    """Bring the lake to the newest version.

    Raises:
        LakeError: a newer version of this software made it.
    """
    session.sql(f"CREATE NAMESPACE IF NOT EXISTS {NAMESPACE}")
    done = version(session)
    if done > MIGRATIONS[-1].number:
        raise LakeError(
            f"The lake has version {done}, and this software knows {MIGRATIONS[-1].number} at most: install the newer"
            " software again."
        )
    for migration in MIGRATIONS[done:]:
        migration.apply(session)
        session.sql(f"ALTER NAMESPACE {NAMESPACE} SET DBPROPERTIES ('{VERSION}' = '{migration.number}')")
        log.info("The lake has version %s: %s.", migration.number, migration.what)
    for table in TABLES:
        describe(session, table)


def version(session: SparkSession) -> int:
    """Number of the last step that is done; 0 for a new lake and for one from before there were numbers."""
    # SQL shows a namespace's properties as one text only.
    catalog = session._jsparkSession.sessionState().catalogManager().catalog(CATALOG)
    parts = NAMESPACE.split(".")[1:]
    name = gateway(session).new_array(jvm(session).java.lang.String, len(parts))
    for place, part in enumerate(parts):
        name[place] = part
    return int(catalog.loadNamespaceMetadata(name).get(VERSION) or 0)


def describe(session: SparkSession, table: LakeTable) -> None:
    """Bring comments and properties of a table up to date; one that is so already is left alone."""
    loaded = iceberg_table(session, table)
    fields = {column.name(): column.doc() for column in loaded.schema().columns()}
    change = loaded.updateSchema()
    stale = [column for column in table.columns if fields.get(column.name) != column.comment]
    for column in stale:
        change.updateColumnDoc(column.name, column.comment)
    if stale:
        change.commit()
    kept: Mapping[str, str] = loaded.properties()
    # Iceberg keeps the format's version elsewhere, and does not show it as a property.
    wanted = {name: value for name, value in table.properties.items() if name != "format-version"}
    wanted["comment"] = table.comment
    changed = {name: value for name, value in wanted.items() if kept.get(name) != value}
    if changed:
        update = loaded.updateProperties()
        for name, value in changed.items():
            update.set(name, value)
        update.commit()


def _names(session: SparkSession, table: LakeTable) -> set[str]:
    return set(session.table(table.identifier).columns)
