"""Where settings come from: the environment, then $STACK_DIR/platform.env, then .env.

The platform writes platform.env at its first start; it holds every password and key.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = Env()
_missing: list[str] = []


def stack_dir() -> Path:
    """The folder of the platform's data: STACK_DIR of the environment or .env, else .run; absolute."""
    named = os.environ.get("STACK_DIR") or dotenv_values(BASE_DIR / ".env").get("STACK_DIR")
    return BASE_DIR / (named or ".run")


STACK_DIR = stack_dir()
env.read_env(STACK_DIR / "platform.env", recurse=False)
env.read_env(BASE_DIR / ".env", recurse=False)


def required(name: str, unconfigured: str) -> str:
    """The setting `name`; without it `unconfigured`, and `ensure_configured` will name it as missing."""
    value = env.str(name, "")
    if value:
        return value
    _missing.append(name)
    return unconfigured


def required_secret(name: str) -> str:
    """The secret `name`; without it a random one that no other process knows."""
    return required(name, secrets.token_urlsafe(50))


def missing() -> tuple[str, ...]:
    """Names of the required settings that nothing has set."""
    return tuple(_missing)


def remedy() -> str:
    """One sentence on how to get the settings that are missing."""
    return (
        f"Not set: {', '.join(_missing)}. Run `make run`, which writes them to {STACK_DIR}/platform.env, "
        "or set them in the environment (.env.example lists them)."
    )


def ensure_configured() -> None:
    """Refuse to serve on values made up for want of settings.

    Raises:
        ImproperlyConfigured: a required setting is missing.
    """
    if _missing:
        raise ImproperlyConfigured(remedy())
