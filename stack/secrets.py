"""Passwords and keys of one platform: made at first start, kept in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from stack.config import Platform

SECRET_BYTES = 48
"""64 characters; Django asks for 50 at least of its key."""

PASSWORDS = (
    "POSTGRES_PASSWORD",
    "SITE_DB_PASSWORD",
    "MARTS_DB_PASSWORD",
    "LAKE_DB_PASSWORD",
    "LAKE_READER_DB_PASSWORD",
    "REGISTRY_DB_PASSWORD",
    "WAREHOUSE_READER_DB_PASSWORD",
    "WATCHER_DB_PASSWORD",
    "VALKEY_PASSWORD",
    "VALKEY_WATCHER_PASSWORD",
    "ADMIN_PASSWORD",
    "DJANGO_SECRET_KEY",
    "HOCOTATE_TOKEN",
    "ALERTS_TOKEN",
    "S3_ADMIN_SECRET_KEY",
    "S3_SITE_SECRET_KEY",
    "S3_LAKE_SECRET_KEY",
    "S3_READER_SECRET_KEY",
)
ACCESS_KEYS = ("S3_ADMIN_ACCESS_KEY", "S3_SITE_ACCESS_KEY", "S3_LAKE_ACCESS_KEY", "S3_READER_ACCESS_KEY")


def load_or_create(platform: Platform) -> dict[str, str]:
    """The platform's secrets; those that are missing are made and kept.

    An ADMIN_PASSWORD of at least 8 characters in the environment wins over a made one.
    """
    path = platform.secrets_file
    known = {key: value for key, value in dotenv_values(path).items() if value} if path.exists() else {}
    made = {name: secrets.token_urlsafe(SECRET_BYTES) for name in PASSWORDS if name not in known}
    if "ADMIN_PASSWORD" in made:  # a person types this one
        made["ADMIN_PASSWORD"] = secrets.token_urlsafe(12)
    made |= {name: secrets.token_hex(10).upper() for name in ACCESS_KEYS if name not in known}
    if made:
        write_private(path, {**known, **made}, "Secrets of this platform, made at its first start.")
    return {**known, **made}


def write_private(path: Path, values: Mapping[str, str], title: str) -> None:
    """Write NAME=value lines, mode 600, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"# {title}\n" + "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
