"""The dbt project as files: what it is called when it changes, and how dbt is told where to build."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

BUILD_SCHEMA: Final = "marts_build"
"""Where a build makes its tables before they are published."""
OWN_SCHEMA: Final = "marts_dev"
"""Where people run dbt by hand; nothing is published from there."""

BUILDER: Final = "hocotate_marts"
"""Name by which PostgreSQL shows the sessions of a build."""
PERSON: Final = "hocotate_dbt"

_PARTS: Final = ("dbt_project.yml", "models", "macros", "seeds")


def fingerprint() -> str:
    """sha256 (hex) over the files that decide what a build computes."""
    digest = hashlib.sha256()
    for file in sorted(_files(settings.MARTS_PROJECT)):
        digest.update(str(file.relative_to(settings.MARTS_PROJECT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def environment(schema: str) -> dict[str, str]:
    """The environment of a dbt process that builds into `schema`: the site's database, and nothing else of the site."""
    database, work = connection.settings_dict, settings.MARTS_WORK / schema
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "TMPDIR") if name in os.environ},
        "PYTHONUNBUFFERED": "1",
        "DBT_PROJECT_DIR": str(settings.MARTS_PROJECT),
        "DBT_PROFILES_DIR": str(settings.MARTS_PROJECT),
        "DBT_TARGET_PATH": str(work / "target"),
        "DBT_LOG_PATH": str(work / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
        "DO_NOT_TRACK": "1",
        "MARTS_DB_HOST": str(database["HOST"]),
        "MARTS_DB_PORT": str(database["PORT"]),
        "MARTS_DB_NAME": str(database["NAME"]),
        "MARTS_DB_USER": settings.MARTS_DB_USER or str(database["USER"]),
        "DBT_ENV_SECRET_MARTS_DB_PASSWORD": settings.MARTS_DB_PASSWORD or str(database["PASSWORD"]),
        "MARTS_SCHEMA": schema,
        "MARTS_APPLICATION": BUILDER if schema == BUILD_SCHEMA else PERSON,
        "SITE_URL": settings.SITE_URL,
        # A build whose process was killed stops within a second in the database too.
        "PGOPTIONS": "-c client_connection_check_interval=1000",
    }


def _files(root: Path) -> list[Path]:
    listed = [root / part for part in _PARTS]
    return [file for part in listed for file in ([part] if part.is_file() else part.rglob("*")) if file.is_file()]
