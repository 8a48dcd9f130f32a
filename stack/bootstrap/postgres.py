"""Databases and roles, each with a password and rights of its own."""

from __future__ import annotations

import psycopg
from psycopg import sql

from stack.services.base import Context
from stack.services.postgres import WATCHER, superuser_url

DATABASES = {
    "hocotate": ("site", "SITE_DB_PASSWORD"),
    "lake": ("lake", "LAKE_DB_PASSWORD"),
    "registry": ("registry", "REGISTRY_DB_PASSWORD"),
}
"""Database: its owner, and the secret that is the owner's password."""

READER = ("lake_reader", "LAKE_READER_DB_PASSWORD")
"""May find the lake's tables, and nothing else."""

BUILDER = ("marts", "MARTS_DB_PASSWORD")
"""Builds the marts: the site lets it read what they are made of, and write into the schema of the build."""

WAREHOUSE_READER = ("warehouse_reader", "WAREHOUSE_READER_DB_PASSWORD")
"""Runs people's SQL over the warehouse: the site gives it what it may read, all else is taken from it here."""

WATCHER_SESSIONS = 4

WAREHOUSE_LIMITS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "temp_file_limit": "512MB",
    "work_mem": "16MB",
}
MOST_SESSIONS = 12

ACTING = (
    "^(pg_(try_)?advisory_|pg_(cancel|terminate)_|pg_(notify|sleep|export_snapshot|log_|logical_)"
    "|pg_stat_get_(activity|backend|progress)|pg_current_xact_id$|txid_current$|set_config$|lo_)"
)
"""Functions of PostgreSQL that do something beyond answering, or tell what others ask: locks, signals, sleep."""


def ensure(context: Context) -> None:
    """Make what is missing and set all passwords to those of the secrets file."""
    with psycopg.connect(superuser_url(context), autocommit=True, connect_timeout=5) as connection:
        for role, secret in [*DATABASES.values(), READER, BUILDER, WAREHOUSE_READER, WATCHER]:
            role_ensure(connection, role, context.secrets[secret])
        for database, (owner, _) in DATABASES.items():
            database_ensure(connection, database, owner)
        builder, site = sql.Identifier(BUILDER[0]), sql.Identifier(DATABASES["hocotate"][0])
        connection.execute(sql.SQL("grant connect, temporary on database hocotate to {}").format(builder))
        # So that the site publishes what the builder made, and ends a build that was left behind.
        connection.execute(sql.SQL("grant {} to {}").format(builder, site))
        connection.execute(
            sql.SQL("grant connect on database hocotate to {}").format(sql.Identifier(WAREHOUSE_READER[0]))
        )
        for name, value in WAREHOUSE_LIMITS.items():
            connection.execute(
                sql.SQL("alter role {} set {} = {}").format(
                    sql.Identifier(WAREHOUSE_READER[0]), sql.Identifier(name), sql.Literal(value)
                )
            )
        connection.execute(
            sql.SQL("alter role {} connection limit {}").format(
                sql.Identifier(WAREHOUSE_READER[0]), sql.Literal(MOST_SESSIONS)
            )
        )
        watcher = sql.Identifier(WATCHER[0])
        connection.execute(sql.SQL("alter role {} connection limit {}").format(watcher, sql.Literal(WATCHER_SESSIONS)))
    with psycopg.connect(superuser_url(context, "hocotate"), autocommit=True, connect_timeout=5) as connection:
        fence(connection)
    with psycopg.connect(superuser_url(context, "lake"), autocommit=True, connect_timeout=5) as connection:
        reader = sql.Identifier(READER[0])
        connection.execute(sql.SQL("grant connect on database lake to {}").format(reader))
        connection.execute(sql.SQL("grant usage on schema public to {}").format(reader))
        connection.execute(sql.SQL("grant select on all tables in schema public to {}").format(reader))
        connection.execute(
            sql.SQL("alter default privileges for role lake in schema public grant select on tables to {}").format(
                reader
            )
        )


def fence(connection: psycopg.Connection) -> None:
    """Leave the functions that act, in this database, to its owner: PostgreSQL gives them to everybody.

    Without it, one SELECT could hold the site's locks or end the queries of others.
    """
    found = connection.execute(
        "select p.oid::regprocedure::text from pg_proc p"
        " where pronamespace = 'pg_catalog'::regnamespace and proname ~ %s"
        " and has_function_privilege('warehouse_reader', p.oid, 'execute')",
        [ACTING],
    ).fetchall()
    owner = connection.execute(
        "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    ).fetchone()
    names = sql.SQL(", ").join(sql.SQL(name) for (name,) in found)
    if found and owner:
        connection.execute(sql.SQL("grant execute on function {} to {}").format(names, sql.Identifier(owner[0])))
        connection.execute(sql.SQL("revoke execute on function {} from public").format(names))


def role_ensure(connection: psycopg.Connection, role: str, password: str) -> None:
    """Make a role that may sign in, or set its password."""
    known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    verb = "alter" if known else "create"
    statement = sql.SQL(verb + " role {} login password {}").format(sql.Identifier(role), sql.Literal(password))
    connection.execute(statement)


def database_ensure(connection: psycopg.Connection, database: str, owner: str) -> None:
    """Make a database that nobody but its owner can open."""
    if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        connection.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(database), sql.Identifier(owner))
        )
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(database)))
