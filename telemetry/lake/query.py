"""SQL over the lake in this process: for commands and the audit. The site asks a process apart (workers.py)."""

from __future__ import annotations

from telemetry.lake.access import LakeAccess, Limits
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.engine import Engine, Explain
from telemetry.lake.parquet import ParquetResult
from telemetry.lake.result import Result


def query(sql: str, *, limits: Limits | None = None, access: LakeAccess | None = None, explain: Explain = "") -> Result:
    """Run one SELECT over the lake's tables, each at its newest snapshot, on a DuckDB of its own.

    Raises:
        LakeQueryError: one of its kinds; the text is a sentence for the one who asked.
    """
    limits = limits or Limits()
    access = access or LakeAccess.from_settings()
    locations = metadata_locations(access)
    with Engine(access, limits) as engine:
        return engine.run(sql, locations, limits=limits, explain=explain)


def parquet(sql: str, *, limits: Limits | None = None, access: LakeAccess | None = None) -> ParquetResult:
    """The same as a Parquet file.

    Raises:
        LakeQueryError: as `query`.
    """
    limits = limits or Limits()
    access = access or LakeAccess.from_settings()
    locations = metadata_locations(access)
    with Engine(access, limits) as engine:
        return engine.parquet(sql, locations, limits=limits)
