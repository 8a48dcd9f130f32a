"""The schema of a build: emptied of what an earlier one left, and opened to the builder alone."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import connection

from .project import BUILDER
from .tables import READ

END_MS: Final = 10_000
"""How long a session that was told to end may take, ms."""


def stage_clear(schema: str) -> None:
    """End sessions of a build that broke off, and drop what it made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [END_MS, BUILDER],
        )
        cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def stage_open(schema: str) -> None:
    """Make the schema, where it is missing, and let the builder read what marts are made of and write into it."""
    role, builder = settings.MARTS_DB_USER, connection.ops.quote_name(settings.MARTS_DB_USER)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        if not role:
            return
        cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {builder}")
        cursor.execute(
            "SELECT t.name FROM unnest(%s::text[]) AS t (name) WHERE NOT has_table_privilege(%s, t.name, 'SELECT')",
            [list(READ), role],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"GRANT SELECT ON {table} TO {builder}")
        cursor.execute(f"GRANT USAGE ON SCHEMA params, ll, bl, sl TO {builder}")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA bl TO {builder}")
