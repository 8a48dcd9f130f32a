"""How the site's processes write their logs."""

import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from hocotate_logs import LogSettingInvalid, configuration
from hocotate_site.settings.environment import env

LOG_FORMAT = env.str("LOG_FORMAT", "") or "text"
"""Lines for people (text), or an object a line for programs (json)."""

LOG_LEVEL = env.str("LOG_LEVEL", "") or "INFO"
"""The least of what is logged: DEBUG, INFO, WARNING or ERROR."""


def _part() -> str:
    """Who speaks: as whoever started the process named it, or the command of manage.py."""
    named = env.str("LOG_PART", "")
    command = sys.argv[1:2] if Path(sys.argv[0]).name == "manage.py" else []
    return named or (command[0] if command else "site")


try:
    LOGGING = configuration(_part(), LOG_FORMAT, LOG_LEVEL)
except LogSettingInvalid as error:
    raise ImproperlyConfigured(str(error)) from None
LOGGING["filters"] = {"valkey_outage": {"()": "hocotate_site.logs.ValkeyOutage"}}
LOGGING["loggers"] |= {
    "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
    "celery.beat": {"filters": ["valkey_outage"]},
    "celery.worker": {"filters": ["valkey_outage"]},
}
