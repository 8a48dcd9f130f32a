"""What a ship token allows. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from missions.exceptions import InvalidScope


class Scope(StrEnum):
    """One thing that a token allows; written as the API writes it."""

    MISSIONS_WRITE = "missions:write"
    REPORTS_WRITE = "reports:write"
    LAKE_READ = "lake:read"
    ALERTS_WRITE = "alerts:write"


MEANING: Final[dict[Scope, str]] = {
    Scope.MISSIONS_WRITE: "register missions and end them",
    Scope.REPORTS_WRITE: "hand in captain's reports",
    Scope.LAKE_READ: "ask the lake in SQL",
    Scope.ALERTS_WRITE: "tell of alerts, as Alertmanager does",
}
SHIP_SCOPES: Final = (Scope.MISSIONS_WRITE, Scope.REPORTS_WRITE)
"""All that a ship needs to fly; what a token gets where nothing else is asked for."""


def scopes_read(names: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes with these names, each once, in the order of Scope.

    Raises:
        InvalidScope: there is no such scope, or none is named.
    """
    asked = set(names)
    if unknown := sorted(asked - set(Scope)):
        raise InvalidScope(f"There is no scope {unknown[0]!r}; choose among {', '.join(Scope)}.")
    if not asked:
        raise InvalidScope(f"A token without a scope allows nothing; choose among {', '.join(Scope)}.")
    return tuple(scope for scope in Scope if scope in asked)
