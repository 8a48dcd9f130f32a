"""Reading the lake: SQL behind a fence, and the figures that the audit needs."""

from telemetry.lake.access import LakeAccess, Limits
from telemetry.lake.errors import (
    LakeEmpty,
    LakeQueryError,
    LakeUnavailable,
    Place,
    QueryInvalid,
    QueryNotNow,
    QueryRefused,
    QueryTooLarge,
)
from telemetry.lake.offsets import (
    MissionSequence,
    PartitionOffsets,
    mission_sequences,
    offsets_by_partition,
)
from telemetry.lake.parquet import ParquetResult
from telemetry.lake.query import parquet, query
from telemetry.lake.result import Result

__all__ = [
    "LakeAccess",
    "LakeEmpty",
    "LakeQueryError",
    "LakeUnavailable",
    "Limits",
    "MissionSequence",
    "ParquetResult",
    "PartitionOffsets",
    "Place",
    "QueryInvalid",
    "QueryNotNow",
    "QueryRefused",
    "QueryTooLarge",
    "Result",
    "mission_sequences",
    "offsets_by_partition",
    "parquet",
    "query",
]
