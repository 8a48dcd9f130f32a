"""Django's database settings from one URL."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUESTS_AT_ONCE = 8
"""Requests that a web process answers at once; more would only share its one core at a time."""

POOL = {"min_size": 1, "max_size": REQUESTS_AT_ONCE + 4, "timeout": 5, "reconnect_timeout": 5}
"""Connections a process keeps (times in s). Under ASGI each request has a thread of its own, so only a pool
lets connections outlive a request; those beyond the requests at once are for queries and the radar. A pool
that gives up reconnecting soon tries anew at the next request; one that goes on waits ever longer between
tries, and would miss by up to a minute that the server is back."""


def database_from_url(url: str, *, pool: bool) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name`; without a URL, an entry
    whose every connection fails with the remedy.

    Raises:
        ImproperlyConfigured: the URL is of another scheme, or names no host or database.
    """
    if not url:
        return {"ENGINE": "hocotate_site.unconfigured_database", "NAME": "unconfigured"}
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or not name:
        raise ImproperlyConfigured(
            f"DATABASE_URL has scheme {parts.scheme!r}, host {parts.hostname!r} and database {name!r}; "
            "it must read postgresql://user:password@host:port/database."
        )
    options: dict[str, Any] = {"application_name": "hocotate_site", "connect_timeout": 5}
    if pool:
        options["pool"] = POOL
    return {
        "ENGINE": "hocotate_site.database",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port or 5432,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
