"""Metabase's HTTP API, as far as it is needed."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

import httpx


class MetabaseError(Exception):
    """Metabase cannot be used; says what it answered, and what to do."""


class Metabase:
    """One signed-in session."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(base_url=url, timeout=60, transport=transport, trust_env=False)
        self._url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def sign_in(self, email: str, password: str) -> bool:
        """Sign in as the administrator, who is made on a fresh Metabase; whether that was so.

        Raises:
            MetabaseError: it does not answer, or knows the administrator by another password.
        """
        properties = self.ask("GET", "/api/session/properties")
        fresh = not properties.get("has-user-setup")
        if fresh:
            user = {"first_name": "Hocotate", "last_name": "Freight", "email": email, "password": password}
            preferences = {"site_name": "Hocotate Freight", "site_locale": "en", "allow_tracking": False}
            body = {"token": properties["setup-token"], "user": user, "prefs": preferences}
            session = self.ask("POST", "/api/setup", body)
        else:
            session = self.ask("POST", "/api/session", {"username": email, "password": password})
        self._http.headers["X-Metabase-Session"] = str(session["id"])
        return fresh

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one call.

        Raises:
            MetabaseError: no answer, or one that is not 2xx.
        """
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise MetabaseError(f"Metabase at {self._url} does not answer: {error}.") from error
        if not answer.is_success:
            remedy = " Is ADMIN_PASSWORD that of its administrator?" if path == "/api/session" else ""
            raise MetabaseError(f"{method} {path}: Metabase says {answer.status_code}: {answer.text[:300]}{remedy}")
        return answer.json() if answer.content else None

    def listed(self, path: str) -> list[dict[str, Any]]:
        """A list, which some calls wrap in `data`."""
        found = self.ask("GET", path)
        rows: Iterable[dict[str, Any]] = found["data"] if isinstance(found, dict) else found
        return list(rows)
