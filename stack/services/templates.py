"""The templates of observability/: what is filled in on this platform."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final

from stack.config import LOOPBACK, ROOT
from stack.errors import StackError
from stack.services.base import Context

OBSERVABILITY: Final = ROOT / "observability"
TARGETS: Final[Mapping[str, str]] = {
    "WEB": "WEB_PORT",
    "RADAR": "FLEET_METRICS_PORT",
    "TRACKER": "TRACKER_METRICS_PORT",
    "LAKE": "LAKE_METRICS_PORT",
    "WORKER": "WORKER_METRICS_PORT",
    "KAFKA": "KAFKA_METRICS_PORT",
    "STORE": "WEED_METRICS_PORT",
    "PROMETHEUS": "PROMETHEUS_PORT",
    "PUSHGATEWAY": "PUSHGATEWAY_PORT",
    "ALERTMANAGER": "ALERTMANAGER_PORT",
}
"""Whom Prometheus asks, by the name in its template, and the setting of the port."""
OPTIONAL: Final = ("POSTGRES_EXPORTER", "VALKEY_EXPORTER")
"""Whom it asks where they were started, by the name of the setting with their address: else there is no target."""


def address(context: Context, setting: str) -> str:
    """host:port of a port setting."""
    return f"{LOOPBACK}:{context.platform.port(setting)}"


def token_file(context: Context) -> Path:
    """Where Alertmanager reads the token with which it speaks to the site."""
    return context.platform.data("alertmanager") / "token"


def places(context: Context) -> dict[str, str]:
    """What the templates ask for, by name."""
    return {
        **{name: address(context, setting) for name, setting in TARGETS.items()},
        **{name: context.settings.get(name, "") for name in OPTIONAL},
        "SITE": context.settings["SITE_URL"],
        "RULES": str(OBSERVABILITY / "prometheus" / "rules"),
        "TOKEN_FILE": str(token_file(context)),
    }


def rendered(template: Path, values: Mapping[str, str]) -> str:
    """A template with its names in dollar braces filled in.

    Raises:
        StackError: it asks for a name that is not among the values, or has a dollar sign that begins no name.
    """
    try:
        return Template(template.read_text()).substitute(values)
    except (KeyError, ValueError) as error:
        raise StackError(
            f"{template} can't be filled in: {error}.", "A dollar sign that means itself is written twice: $$."
        ) from error
