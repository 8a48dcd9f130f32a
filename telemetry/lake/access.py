"""Where the lake is and who asks: the read-only identities of catalog and object store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class LakeAccess:
    """Addresses and keys; both identities may only read."""

    catalog_url: str = field(repr=False)
    warehouse: str
    s3_endpoint: str
    s3_region: str
    s3_access_key: str
    s3_secret_key: str = field(repr=False)
    catalog: str = "fleet"
    namespace: str = "telemetry"

    @classmethod
    def of(cls, platform: Mapping[str, str]) -> LakeAccess:
        """As a platform's settings by name (platform.env) say: for commands and tests that look at another one."""
        return cls(
            catalog_url=platform["LAKE_CATALOG_READER_URL"],
            warehouse=platform["LAKE_WAREHOUSE"],
            s3_endpoint=platform["S3_ENDPOINT_URL"],
            s3_region=platform["S3_REGION"],
            s3_access_key=platform["S3_READER_ACCESS_KEY"],
            s3_secret_key=platform["S3_READER_SECRET_KEY"],
        )

    @classmethod
    def from_settings(cls) -> LakeAccess:
        """As Django's settings say."""
        return cls(
            catalog_url=settings.LAKE_CATALOG_READER_URL,
            warehouse=settings.LAKE_WAREHOUSE,
            s3_endpoint=settings.S3_ENDPOINT_URL,
            s3_region=settings.S3_REGION,
            s3_access_key=settings.S3_READER_ACCESS_KEY,
            s3_secret_key=settings.S3_READER_SECRET_KEY,
        )


@dataclass(frozen=True)
class Limits:
    """What one query may take: rows of its result, seconds, memory and threads."""

    rows: int = 10_000
    seconds: float = 30.0
    memory_mb: int = 512
    threads: int = 2

    @classmethod
    def from_settings(cls) -> Limits:
        """Of the site's queries, as Django's settings say."""
        return cls(
            rows=settings.LAKE_QUERY_ROWS,
            seconds=settings.LAKE_QUERY_SECONDS,
            memory_mb=settings.LAKE_QUERY_MB,
            threads=settings.LAKE_QUERY_THREADS,
        )


def extension_file(name: str) -> Path:
    """The file of a DuckDB extension in its wheel."""
    import importlib.util

    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        for path in Path(folder).rglob(f"{name}.duckdb_extension"):
            return path
    raise ModuleNotFoundError(f"The wheel duckdb-extension-{name} is not installed: install the requirements again.")
