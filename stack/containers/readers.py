"""What only containers have beside PostgreSQL: Metabase's own database, and a role that reads the marts for it."""

from __future__ import annotations

import psycopg
from psycopg import sql

from stack.bootstrap.postgres import WAREHOUSE_LIMITS, database_ensure, role_ensure
from stack.services.base import Context
from stack.services.postgres import superuser_url

READER = "marts_reader"
SCHEMAS = ("bl", "sl")
MAKERS = ("site", "marts")
"""Roles whose new tables in these schemas the reader may read too."""


def ensure(context: Context) -> None:
    """Make them where their passwords are set; changes nothing the second time."""
    secrets = context.secrets
    with psycopg.connect(superuser_url(context), autocommit=True, connect_timeout=5) as connection:
        if secrets.get("METABASE_DB_PASSWORD"):
            role_ensure(connection, "metabase", secrets["METABASE_DB_PASSWORD"])
            database_ensure(connection, "metabase", "metabase")
        if not secrets.get("MARTS_READER_DB_PASSWORD"):
            return
        role_ensure(connection, READER, secrets["MARTS_READER_DB_PASSWORD"])
        reader = sql.Identifier(READER)
        connection.execute(sql.SQL("grant connect on database hocotate to {}").format(reader))
        connection.execute(sql.SQL("alter role {} connection limit 15").format(reader))
        for name, value in WAREHOUSE_LIMITS.items():
            connection.execute(
                sql.SQL("alter role {} set {} = {}").format(reader, sql.Identifier(name), sql.Literal(value))
            )
    with psycopg.connect(superuser_url(context, "hocotate"), autocommit=True, connect_timeout=5) as connection:
        grant(connection)


def grant(connection: psycopg.Connection) -> None:
    """Let the reader read bl and sl, and nothing else of the database."""
    reader = sql.Identifier(READER)
    for name in SCHEMAS:
        schema = sql.Identifier(name)
        connection.execute(sql.SQL("grant usage on schema {} to {}").format(schema, reader))
        connection.execute(sql.SQL("grant select on all tables in schema {} to {}").format(schema, reader))
        for maker in MAKERS:
            connection.execute(
                sql.SQL("alter default privileges for role {} in schema {} grant select on tables to {}").format(
                    sql.Identifier(maker), schema, reader
                )
            )
