"""The warehouse's tables that the role may read, as people read about them: columns, comments, rows and bytes."""

from __future__ import annotations

from typing import Any

from telemetry.lake.tables import ColumnInfo, TableInfo

from .answer import type_name
from .run import Bounds, query

_TABLES = """
SELECT n.nspname || '.' || c.relname AS name, coalesce(obj_description(c.oid, 'pg_class'), '') AS comment,
  greatest(c.reltuples, 0)::bigint AS rows,
  CASE WHEN c.relkind = 'p'
    THEN (SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_partition_tree(c.oid))
    ELSE pg_total_relation_size(c.oid) END::bigint AS bytes,
  (SELECT json_agg(json_build_array(a.attname, t.typname, coalesce(col_description(c.oid, a.attnum), ''))
     ORDER BY a.attnum)
   FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('sl', 'bl', 'll', 'params') AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
  AND has_table_privilege(c.oid, 'SELECT')
ORDER BY array_position(ARRAY['sl', 'bl', 'll', 'params'], n.nspname::text), c.relname
"""


async def tables() -> list[TableInfo]:
    """All of them, the serving layer first; rows as PostgreSQL estimates them.

    Raises:
        LakeUnavailable: the warehouse does not answer.
    """
    found = await query(_TABLES, Bounds(rows=500, seconds=5))
    return [_table(*row) for row in found.rows]


def _table(name: str, comment: str, rows: int, size: int, columns: list[list[Any]]) -> TableInfo:
    return TableInfo(
        name=name,
        comment=comment,
        columns=tuple(ColumnInfo(column, type_name(kind).lower(), said, "") for column, kind, said in columns),
        rows=rows,
        files=1,
        bytes=size,
        committed=None,
    )
