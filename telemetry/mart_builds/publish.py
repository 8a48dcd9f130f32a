"""From the schema of a build into bl and sl: only rows that differ, in the caller's one transaction.

Rows are updated, inserted and deleted in place. No table is replaced, so readers never wait, and one sees all of the
marts as they were before the transaction, or all as they are after it.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import connection

from .tables import COMPUTED, MARTS, Mart

LAYOUT_PATIENCE: Final = "5s"
"""How long a table whose columns changed may be waited for: readers queue behind the one who waits."""

_LAYOUT: Final = """
SELECT array_agg(attname || ' ' || format_type(atttypid, atttypmod) ORDER BY attnum)
       || (SELECT count(*) FROM pg_index WHERE indrelid = to_regclass(%(name)s) AND indisunique)::text,
       array_agg(attname ORDER BY attnum)
FROM pg_attribute WHERE attrelid = to_regclass(%(name)s) AND attnum > 0 AND NOT attisdropped
HAVING count(*) > 0
"""
"""Columns with their types, and how many unique indexes there are; no row where there is no such table."""


def marts_publish(schema: str, *, full: bool) -> int:
    """Bring bl and sl to what `schema` holds, and return how many rows were changed.

    `full`: every model there has all its rows; else those that are not `whole` have only the rows that changed.
    """
    return sum(_publish(mart, f"{schema}.{mart.name}", full=full) for mart in MARTS)


def published() -> bool:
    """Whether marts stand, all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(to_regclass(t.name) IS NOT NULL) FROM unnest(%s::text[]) AS t (name)",
            [[mart.table for mart in MARTS]],
        )
        return bool(cursor.fetchone()[0])


def marts_analyze() -> None:
    """Have the planner's figures made of what was published; after much has changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(mart.table for mart in MARTS)}")


def _publish(mart: Mart, made: str, *, full: bool) -> int:
    columns = _fit(mart, made)
    key, rest = ", ".join(mart.key), [column for column in columns if column not in mart.key]
    compared = [column for column in rest if column != COMPUTED]
    changed = 0
    with connection.cursor() as cursor:
        if full or mart.whole:
            same = " AND ".join(f"made.{column} = standing.{column}" for column in mart.key)
            cursor.execute(
                f"DELETE FROM {mart.table} AS standing WHERE NOT EXISTS (SELECT FROM {made} AS made WHERE {same})"  # noqa: S608  (constants)
            )
            changed += cursor.rowcount
        cursor.execute(
            f"INSERT INTO {mart.table} AS standing ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {made}"  # noqa: S608  (constants)
            f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in rest)}"
            f" WHERE ({', '.join(f'standing.{column}' for column in compared)})"
            f" IS DISTINCT FROM ({', '.join(f'excluded.{column}' for column in compared)})"
        )
        return changed + int(cursor.rowcount)


def _fit(mart: Mart, made: str) -> list[str]:
    """Make the published table when it is missing or has other columns than the model; returns the columns.

    The columns change with a new release only; its first build is a full one, and alone waits for the table.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAYOUT, {"name": made})
        wanted, columns = cursor.fetchone()
        cursor.execute(_LAYOUT, {"name": mart.table})
        standing = cursor.fetchone()
        if standing is None or standing[0] != wanted:
            if standing is not None:
                cursor.execute(f"SET LOCAL lock_timeout = '{LAYOUT_PATIENCE}'")
                cursor.execute(f"DROP TABLE {mart.table}")
            cursor.execute(f"CREATE TABLE {mart.table} (LIKE {made} INCLUDING ALL)")
            cursor.execute(
                "SELECT format('COMMENT ON TABLE %%s IS %%L', %s::text, obj_description(to_regclass(%s), 'pg_class'))",
                [mart.table, made],
            )
            cursor.execute(cursor.fetchone()[0])
            if settings.MARTS_DB_USER:
                cursor.execute(f"GRANT SELECT ON {mart.table} TO {connection.ops.quote_name(settings.MARTS_DB_USER)}")
        return list(columns)
