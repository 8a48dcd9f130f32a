"""Reading the lake: SQL behind a fence, and the figures that the audit needs."""

from telemetry.lake.access import LakeAccess, Limits
from telemetry.lake.errors import (
    LakeEmpty,
    LakeQueryError,
    LakeUnavailable,
    QueryInvalid,
    QueryRefused,
    QueryTooLarge,
)
from telemetry.lake.offsets import (
    MissionSequence,
    PartitionOffsets,
    mission_sequences,
    offsets_by_partition,
)
from telemetry.lake.query import Result, query

__all__ = [
    "LakeAccess",
    "LakeEmpty",
    "LakeQueryError",
    "LakeUnavailable",
    "Limits",
    "MissionSequence",
    "PartitionOffsets",
    "QueryInvalid",
    "QueryRefused",
    "QueryTooLarge",
    "Result",
    "mission_sequences",
    "offsets_by_partition",
    "query",
]
