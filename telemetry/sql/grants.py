"""What the role of SQL over the warehouse may read; its owner, the site, gives it after each migration.

Tables that are made later in bl and sl come by default privileges. Of ll and params each table is named: what is not
on the list, such as tokens, stays closed.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection
from psycopg import sql

ROLE: Final = "warehouse_reader"
WHOLE: Final = ("bl", "sl")
TABLES: Final = (
    ("params", "missions"),
    ("ll", "manifests"),
    ("ll", "mission_reports"),
    ("ll", "treasure_reports"),
    ("ll", "ship_state"),
    ("ll", "dead_letter_replays"),
    ("ll", "mart_builds"),
)


def grants_sync(**_signal: Any) -> None:
    """Give the role what it may read of what is there; nothing where the role is not made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            return
        for statement in _statements(cursor):
            cursor.execute(statement)


def _statements(cursor: Any) -> list[sql.Composed]:
    role = sql.Identifier(ROLE)
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname IN ('bl', 'sl', 'll', 'params')")
    schemas = [name for (name,) in cursor.fetchall()]
    cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('ll', 'params')")
    there = set(cursor.fetchall())
    made = [sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(name), role) for name in schemas]
    for name in (schema for schema in schemas if schema in WHOLE):
        schema = sql.Identifier(name)
        made += [
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, role),
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO {}").format(schema, role),
        ]
    made += [
        sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(*name), role) for name in TABLES if name in there
    ]
    return made
