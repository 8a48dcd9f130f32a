"""The one setup of logging: two settings choose format and level, a third names the part that speaks.

| setting | values | without it |
|---|---|---|
| LOG_FORMAT | text, json | text |
| LOG_LEVEL | DEBUG, INFO, WARNING, ERROR | INFO |
| LOG_PART | web, worker ... | whoever starts a part sets it |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

FORMATS: Final = {"text": "hocotate_logs.formats.LineFormatter", "json": "hocotate_logs.formats.JsonLines"}
QUIET: Final = ("boto3", "botocore", "celery.pool", "httpcore", "httpx", "s3transfer", "urllib3")
"""Loggers that say each call or job, with headers, signed addresses and arguments at DEBUG; heard from WARNING on."""
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class LogSettingInvalid(ValueError):
    """LOG_FORMAT or LOG_LEVEL is wrong; the text says what it may be."""


def configuration(part: str, form: str = "text", level: str = "INFO") -> dict[str, Any]:
    """What `logging.config.dictConfig` takes: all lines to stdout, from `level` on.

    Raises:
        LogSettingInvalid: format or level are none of ours.
    """
    if form not in FORMATS:
        raise LogSettingInvalid(f"LOG_FORMAT is {form!r}; it is one of {', '.join(FORMATS)}.")
    if level not in LEVELS:
        raise LogSettingInvalid(f"LOG_LEVEL is {level!r}; it is one of {', '.join(LEVELS)}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATS[form], "part": part}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in QUIET},
    }


def from_environment(environment: Mapping[str, str], part: str) -> dict[str, Any]:
    """The same for a program without Django's settings; `part` is its name where LOG_PART is not set.

    Raises:
        LogSettingInvalid: LOG_FORMAT or LOG_LEVEL is wrong.
    """
    return configuration(
        environment.get("LOG_PART") or part,
        environment.get("LOG_FORMAT") or "text",
        environment.get("LOG_LEVEL") or "INFO",
    )
