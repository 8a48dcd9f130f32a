"""A bound on how long the queries of a block may take, kept by PostgreSQL itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

SEARCH_S: Final = 3.0
"""What a search of the API may take."""


class SearchTooBroad(Exception):
    """A query was stopped, for it looked at too many rows; the text says what to do."""


@contextmanager
def bounded(seconds: float = SEARCH_S) -> Iterator[None]:
    """Stop each query of the block that takes longer than this. Blocks may lie within each other.

    Raises:
        SearchTooBroad: one did; nothing of the block stands.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)",
                [f"{seconds * 1000:.0f}ms"],
            )
            before = cursor.fetchone()[0]
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise SearchTooBroad(
            f"The search was stopped after {seconds:g} s, for it looks at too many rows; narrow it by time or state, "
            "or ask by number."
        ) from None
