"""The lake's tables as people read about them: columns with types and comments, partitioning, rows and bytes.

All of it stands in each table's newest metadata file (Iceberg's table spec, version 2), read with the identity that can
only read. Such a file never changes, so what was read once is kept.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from telemetry.lake.access import LakeAccess
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.errors import LakeUnavailable


@dataclass(frozen=True)
class ColumnInfo:
    """Name, Iceberg's type, comment, and how the table is partitioned by it (`day`, `identity`; else empty)."""

    name: str
    type: str
    comment: str
    partition: str


@dataclass(frozen=True)
class TableInfo:
    """A table at its newest snapshot; `committed` is None before the first."""

    name: str
    comment: str
    columns: tuple[ColumnInfo, ...]
    rows: int
    files: int
    bytes: int
    committed: datetime | None


@dataclass(frozen=True)
class Snapshot:
    """A commit that a table still remembers, and what it did (`append`, `replace`, `overwrite`, `delete`)."""

    number: int
    committed: datetime
    operation: str


def snapshots(access: LakeAccess, location: str) -> list[Snapshot]:
    """The commits that the metadata at `location` remembers, oldest first.

    Raises:
        LakeUnavailable: the object store does not answer.
    """
    known = [
        Snapshot(
            number=int(one["snapshot-id"]),
            committed=datetime.fromtimestamp(one["timestamp-ms"] / 1000, UTC),
            operation=one.get("summary", {}).get("operation", ""),
        )
        for one in _metadata(access, location).get("snapshots", ())
    ]
    return sorted(known, key=lambda one: one.committed)


def tables(access: LakeAccess) -> list[TableInfo]:
    """All tables of the namespace, by name.

    Raises:
        LakeEmpty: no table is made yet.
        LakeUnavailable: the catalog or the object store does not answer.
    """
    return [table(access, name, location) for name, location in metadata_locations(access).items()]


def table(access: LakeAccess, name: str, location: str) -> TableInfo:
    """What the metadata at `location` says.

    Raises:
        LakeUnavailable: the object store does not answer.
    """
    return _read(access, f"{access.namespace}.{name}", location)


@lru_cache(maxsize=64)
def _read(access: LakeAccess, name: str, location: str) -> TableInfo:
    return described(name, _metadata(access, location))


def _metadata(access: LakeAccess, location: str) -> dict[str, Any]:
    parts = urlsplit(location)
    try:
        body = _store(access).get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"].read()
    except (BotoCoreError, ClientError) as error:
        raise LakeUnavailable(f"The lake's object store does not answer: {error}") from error
    found: dict[str, Any] = json.loads(gzip.decompress(body) if ".gz." in location else body)
    return found


def described(name: str, metadata: dict[str, Any]) -> TableInfo:
    """A table from its metadata."""
    schema = next(one for one in metadata["schemas"] if one["schema-id"] == metadata["current-schema-id"])
    spec = next(one for one in metadata["partition-specs"] if one["spec-id"] == metadata["default-spec-id"])
    partitions = {field["source-id"]: field["transform"] for field in spec["fields"]}
    current = metadata.get("current-snapshot-id")
    snapshot = next((one for one in metadata.get("snapshots", ()) if one["snapshot-id"] == current), None)
    summary = snapshot.get("summary", {}) if snapshot else {}
    return TableInfo(
        name=name,
        comment=metadata.get("properties", {}).get("comment", ""),
        columns=tuple(_column(field, partitions) for field in schema["fields"]),
        rows=int(summary.get("total-records", 0)),
        files=int(summary.get("total-data-files", 0)),
        bytes=int(summary.get("total-files-size", 0)),
        committed=datetime.fromtimestamp(snapshot["timestamp-ms"] / 1000, UTC) if snapshot else None,
    )


def _column(field: dict[str, Any], partitions: dict[int, str]) -> ColumnInfo:
    kind = field["type"]
    return ColumnInfo(
        name=field["name"],
        type=kind if isinstance(kind, str) else kind["type"],
        comment=field.get("doc", ""),
        partition=partitions.get(field["id"], ""),
    )


@cache
def _store(access: LakeAccess) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=access.s3_endpoint,
        region_name=access.s3_region,
        aws_access_key_id=access.s3_access_key,
        aws_secret_access_key=access.s3_secret_key,
        config=Config(
            s3={"addressing_style": "path"},
            connect_timeout=2,
            read_timeout=10,
            retries={"mode": "standard", "max_attempts": 2},
        ),
    )
