"""The lake's tables as the Iceberg catalog knows them now.

Iceberg's JDBC catalog is one table in PostgreSQL, the same for every engine; asking it is one statement, and
DuckDB reads the metadata that it points to.
"""

from __future__ import annotations

from typing import Final

import psycopg

from telemetry.lake.access import LakeAccess
from telemetry.lake.errors import LakeEmpty, LakeUnavailable

POINTERS: Final = """
    SELECT table_name, metadata_location FROM iceberg_tables
    WHERE catalog_name = %s AND table_namespace = %s ORDER BY table_name
"""


def metadata_locations(access: LakeAccess) -> dict[str, str]:
    """Where the newest metadata of each table of the namespace lies, by name; tables outside the warehouse are none.

    Raises:
        LakeEmpty: no table is made yet.
        LakeUnavailable: the catalog does not answer.
    """
    try:
        with psycopg.connect(access.catalog_url, connect_timeout=5) as connection:
            rows = connection.execute(POINTERS, [access.catalog, access.namespace]).fetchall()
    except psycopg.errors.UndefinedTable:
        rows = []
    except psycopg.Error as error:
        raise LakeUnavailable(f"The lake's catalog does not answer: {str(error).strip()}") from error
    # The fence and the keys end at the warehouse: one table beyond it would fail every query that names none.
    rows = [row for row in rows if row[1].startswith(access.warehouse.rstrip("/") + "/")]
    if not rows:
        raise LakeEmpty("No message has been written to the lake yet.")
    return dict(rows)
