"""A connection to the site's PostgreSQL beside Django's own, for locks that live as long as it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg


async def connect(database: Mapping[str, Any], name: str) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    """Connect as one of Django's DATABASES says, in autocommit; `name` is what PostgreSQL shows it by.

    Raises:
        psycopg.OperationalError: it does not answer.
    """
    return await psycopg.AsyncConnection.connect(
        host=database["HOST"],
        port=database["PORT"],
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        application_name=name,
        connect_timeout=5,
        autocommit=True,
    )
