"""What a query may say: one SELECT over the lake's tables.

The parse tree decides, not the text. DuckDB's own locks (no external access, locked configuration) and an
object-store identity that can only read stand behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import duckdb

from telemetry.lake.errors import Place, QueryInvalid, QueryRefused

TABLE_FUNCTIONS: Final = frozenset({"range", "generate_series", "unnest"})
"""The rest reach for files, secrets and settings: read_csv, glob, duckdb_secrets, query and so on."""

SCALAR_FUNCTIONS_REFUSED: Final = frozenset({"current_setting", "getenv", "getvariable", "write_log"})
SYSTEM_TABLES: Final = ("duckdb_", "pg_", "pragma_", "sqlite_")
INFORMATION: Final = frozenset({"tables", "columns", "schemata"})
"""Of information_schema: names and types; its other tables tell DuckDB's own statements."""

LISTED: Final = 'Query the lake\'s tables; "SHOW TABLES" lists them.'
LONGEST: Final = 100_000
"""Characters of a query."""


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Let a query through or say why not.

    Raises:
        QueryInvalid: it is not SQL; the text names line and column.
        QueryRefused: it is not exactly one SELECT, or reaches beyond the lake's tables.
    """
    if len(sql) > LONGEST:
        raise QueryRefused(f"The query has {len(sql):,} characters; at most {LONGEST:,} are taken.")
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise QueryInvalid("The query holds half a character (a lone surrogate); write it anew.") from None
    for node in _nodes(_parsed(connection, sql)):
        if node.get("type") == "TABLE_FUNCTION":
            _check_table_function(sql, node["function"])
        elif node.get("type") == "BASE_TABLE":
            _check_table(sql, node)
        elif node.get("class") == "FUNCTION" and node["function_name"].lower() in SCALAR_FUNCTIONS_REFUSED:
            place = place_of(sql, node)
            raise QueryRefused(f"The function {node['function_name']} is not allowed here{place or ''}.", place)


def place_of(sql: str, node: dict[str, Any], key: str = "query_location") -> Place | None:
    """Where in the query a node stands; None when DuckDB does not say.

    DuckDB counts bytes, but in errors of its parser characters.
    """
    position = int(node.get(key, -1))
    text = sql.encode()
    if not 0 <= position <= len(text):
        return None
    in_characters = node.get("error_type") == "parser"
    before = sql[:position] if in_characters else text[:position].decode(errors="replace")
    return Place(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def _parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    row = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    try:
        tree: dict[str, Any] = json.loads(row[0]) if row else {}
    except RecursionError:
        raise QueryRefused("The query is nested too deeply.") from None
    if tree.get("error"):
        if tree.get("error_type") == "not implemented":
            raise QueryRefused("Only SELECT is allowed here: the lake can be read, not changed.")
        place = place_of(sql, tree, "position")
        raise QueryInvalid(f"{tree['error_message']}{place or ''}.", place)
    count = len(tree["statements"])
    if count != 1:
        raise QueryRefused(
            "There is no query." if count == 0 else f"There are {count} statements; one SELECT at a time is run."
        )
    return tree


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _check_table_function(sql: str, function: dict[str, Any]) -> None:
    name = function["function_name"]
    if name.lower() not in TABLE_FUNCTIONS:
        place = place_of(sql, function)
        raise QueryRefused(f"The table function {name} is not allowed here{place or ''}. {LISTED}", place)


def _check_table(sql: str, table: dict[str, Any]) -> None:
    name, schema = table["table_name"].lower(), table["schema_name"].lower()
    inner = name.startswith(SYSTEM_TABLES) or schema == "pg_catalog" or "/" in name or "." in name
    if inner or (schema == "information_schema" and name not in INFORMATION):
        place = place_of(sql, table)
        raise QueryRefused(f"{table['table_name']} can't be read here{place or ''}. {LISTED}", place)
