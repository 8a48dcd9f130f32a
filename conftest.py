"""What all tests share, beside the fixtures of the plugin stack.testing."""

import psycopg
import pytest

from stack.services.base import Context
from stack.services.postgres import superuser_url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(backing: Context) -> None:
    """PostgreSQL runs, and lets the site make a database, before pytest-django makes one."""
    with psycopg.connect(superuser_url(backing), autocommit=True) as connection:
        connection.execute("alter role site createdb")
