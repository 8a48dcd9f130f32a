#!/usr/bin/env python3
"""Makes docker/.env from docker/env.example: every secret that is missing is drawn, whatever is set stays.

Needs nothing but Python 3.8: it runs on machines that have Docker and no more.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "env.example"
SECRETS_BEGIN = "# --- secrets"
TYPED_BY_PEOPLE = ("ADMIN_PASSWORD", "GRAFANA_ADMIN_PASSWORD", "METABASE_ADMIN_PASSWORD")


def draw(name: str) -> str:
    """A fresh secret of the kind that a setting of this name needs."""
    if name == "KAFKA_CLUSTER_ID":
        return cluster_id()
    if name.endswith("_ACCESS_KEY"):
        return secrets.token_hex(10).upper()
    if name in TYPED_BY_PEOPLE:
        # Metabase asks for a digit; the rest is 96 bits.
        return secrets.token_urlsafe(12) + str(secrets.randbelow(10))
    return secrets.token_urlsafe(48)


def cluster_id() -> str:
    """128 bits in Kafka's spelling, which never begins with a dash."""
    while True:
        drawn = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        if not drawn.startswith("-"):
            return drawn


def read(path: Path) -> dict[str, str]:
    """NAME=value lines of a file, by name."""
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def filled(template: str, known: dict[str, str]) -> tuple[str, list[str]]:
    """The template's text with known values, and the names of what was drawn."""
    lines: list[str] = []
    drawn: list[str] = []
    secret = False
    for line in template.splitlines():
        secret = secret or line.startswith(SECRETS_BEGIN)
        if "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            value = known.pop(name, value)
            if secret and not value:
                value = draw(name)
                drawn.append(name)
            line = name + "=" + value
        lines.append(line)
    if known:
        lines += ["", "# --- your own ---", *(name + "=" + value for name, value in known.items())]
    return "\n".join(lines) + "\n", drawn


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all or nothing."""
    handle, temporary = tempfile.mkstemp(dir=str(path.parent), prefix="." + path.name)  # mode 600
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, str(path))


def main(arguments: list[str]) -> int:
    """Write the file; the exit status."""
    target = Path(arguments[0]) if arguments else HERE / ".env"
    text, drawn = filled(TEMPLATE.read_text(), read(target) if target.exists() else {})
    write_private(target, text)
    sys.stdout.write(f"{target}: {len(drawn)} secrets made, the rest was there.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
