"""Connections to the site's PostgreSQL beside Django's own: for locks that live as long as they do, and for probes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg


def address(database: Mapping[str, Any]) -> dict[str, Any]:
    """What psycopg is told to connect as one of Django's DATABASES says."""
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    return {name: database[setting] for name, setting in names.items()}


async def connect(database: Mapping[str, Any], name: str) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    """Connect as one of Django's DATABASES says, in autocommit; `name` is what PostgreSQL shows it by.

    Raises:
        psycopg.OperationalError: it does not answer.
    """
    return await psycopg.AsyncConnection.connect(
        **address(database), application_name=name, connect_timeout=5, autocommit=True
    )
