"""A compacted lake for measurements: Iceberg tables in a catalog of their own, filled a day's file at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import boto3
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import sql
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.io.pyarrow import parquet_file_to_data_file
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.transforms import DayTransform
from pyiceberg.types import DoubleType, IntegerType, LongType, NestedField, StringType, TimestamptzType

from benchmarks.tracks import COLUMNS, SCHEMA, Day
from spark.tables import PROPERTIES
from stack.services.base import Context
from stack.services.postgres import superuser_url
from stack.services.seaweedfs import LAKE_BUCKET
from telemetry.lake import LakeAccess

NAMESPACE: Final = "telemetry"
TYPES: Final = {
    "timestamp": TimestamptzType(),
    "bigint": LongType(),
    "int": IntegerType(),
    "double": DoubleType(),
    "string": StringType(),
}
ICEBERG: Final = Schema(
    *(NestedField(number, column.name, TYPES[column.type]) for number, column in enumerate(COLUMNS, 1))
)
BY_DAY: Final = PartitionSpec(PartitionField(1, 1000, DayTransform(), "event_time_day"))
REPEATING: Final = [field.name for field in SCHEMA if field.type == pa.string()] + ["mission_id", "kafka_partition"]
WRITERS: Final = 2
ROW_GROUP: Final = 131_072
"""Rows; what a compaction with row groups of 8 MiB writes."""


class BenchLake:
    """A database for the catalog, a folder of the bucket, and one table: telemetry.track, also as telemetry.raw."""

    def __init__(self, context: Context, name: str) -> None:
        self._context = context
        self._name = name

    @property
    def settings(self) -> dict[str, str]:
        """The platform's settings with this lake in place of its own."""
        settings = self._context.settings
        return {
            **settings,
            "LAKE_CATALOG_READER_URL": self._database(settings["LAKE_CATALOG_READER_URL"]),
            "LAKE_WAREHOUSE": f"s3://{LAKE_BUCKET}/{self._name}",
        }

    @property
    def access(self) -> LakeAccess:
        """How queries reach it."""
        return LakeAccess.of(self.settings)

    def fill(self, days: range, folder: Path, *, keep: bool = False) -> list[Path]:
        """Make the tables, and write a file of ROWS_A_DAY rows for each day by way of `folder`; those that it keeps."""
        self._make_database()
        with self._catalog() as catalog, ThreadPoolExecutor(WRITERS) as writers:
            catalog.create_namespace(NAMESPACE)
            table = catalog.create_table(
                f"{NAMESPACE}.track", ICEBERG, partition_spec=BY_DAY, properties=dict(PROPERTIES)
            )
            paths = list(writers.map(lambda day: self._write(table, day, folder, keep), days))
            with table.transaction() as transaction, transaction.update_snapshot().fast_append() as append:
                for day in days:
                    append.append_data_file(parquet_file_to_data_file(table.io, table.metadata, _place(table, day)))
            filled = catalog.load_table(f"{NAMESPACE}.track")
            catalog.register_table(f"{NAMESPACE}.raw", filled.metadata_location)
            catalog.create_table(f"{NAMESPACE}.dead_letters", ICEBERG)
        return [path for path in paths if path.exists()]

    def drop(self) -> None:
        """Remove the catalog; the files go with the platform's data."""
        with psycopg.connect(superuser_url(self._context), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self._name)))

    def _write(self, table: Table, day: int, folder: Path, keep: bool) -> Path:
        ids = {field.name: str(field.field_id).encode() for field in table.schema().fields}
        schema = pa.schema([field.with_metadata({b"PARQUET:field_id": ids[field.name]}) for field in SCHEMA])
        path = folder / f"{self._name}-{day:04}.parquet"
        pq.write_table(
            Day(day).table().cast(schema),
            path,
            row_group_size=ROW_GROUP,
            compression="zstd",
            compression_level=1,
            use_dictionary=REPEATING,
        )
        self._upload(path, _place(table, day))
        if not keep:
            path.unlink()
        return path

    def _upload(self, path: Path, place: str) -> None:
        settings = self._context.settings
        store = boto3.client(
            "s3",
            endpoint_url=settings["S3_ENDPOINT_URL"],
            region_name=settings["S3_REGION"],
            aws_access_key_id=settings["S3_LAKE_ACCESS_KEY"],
            aws_secret_access_key=settings["S3_LAKE_SECRET_KEY"],
        )
        where = urlsplit(place)
        store.upload_file(str(path), where.netloc, where.path.lstrip("/"))

    def _make_database(self) -> None:
        self.drop()
        with psycopg.connect(superuser_url(self._context), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} owner lake").format(sql.Identifier(self._name)))
        with psycopg.connect(superuser_url(self._context, self._name), autocommit=True) as connection:
            connection.execute(
                "alter default privileges for role lake in schema public grant select on tables to lake_reader"
            )

    @contextmanager
    def _catalog(self) -> Iterator[SqlCatalog]:
        settings = self._context.settings
        catalog = SqlCatalog(
            "fleet",
            **{
                "uri": self._database(settings["LAKE_CATALOG_URL"]).replace("postgresql:", "postgresql+psycopg2:"),
                "warehouse": self.settings["LAKE_WAREHOUSE"],
                "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
                "s3.endpoint": settings["S3_ENDPOINT_URL"],
                "s3.region": settings["S3_REGION"],
                "s3.access-key-id": settings["S3_LAKE_ACCESS_KEY"],
                "s3.secret-access-key": settings["S3_LAKE_SECRET_KEY"],
            },
        )
        try:
            yield catalog
        finally:
            catalog.engine.dispose()

    def _database(self, url: str) -> str:
        return urlsplit(url)._replace(path=f"/{self._name}").geturl()


def _place(table: Table, day: int) -> str:
    return f"{table.location()}/data/day={day:04}.parquet"
