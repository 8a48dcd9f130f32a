"""The backend's wrapper, under the module name that Django looks for."""

from typing import Any, NoReturn

from django.db import OperationalError
from django.db.backends.postgresql import base

from hocotate_site.settings.environment import remedy


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL in all but connections."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> NoReturn:
        """Say what is not set.

        Raises:
            OperationalError: always; there is no database to connect to.
        """
        raise OperationalError(remedy())
