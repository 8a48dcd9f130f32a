"""What tells Prometheus of PostgreSQL and Valkey, from the machine's packages: each as a role that sees figures alone.

Kafka and the object store speak to Prometheus themselves. Names and passwords are in the environment: arguments can be
read by everybody on the machine.
"""

from __future__ import annotations

import re
import subprocess

import httpx

from stack.errors import StackError
from stack.services.base import Command, Context, Service
from stack.services.loops import sample
from stack.services.postgres import WATCHER as POSTGRES_ROLE
from stack.services.programs import program, running
from stack.services.templates import address
from stack.services.valkey import WATCHER as VALKEY_USER

REFUSED = ("bgwriter", "database", "wal")
"""The first asks for columns that are gone since PostgreSQL 17 (exporters up to 0.14), the others are not told to a
role that may not enter each database, or not monitor."""


def _prepare(context: Context, name: str) -> None:
    context.platform.data(name).mkdir(parents=True, exist_ok=True, mode=0o700)


def _left_out() -> list[str]:
    """Options against questions that this version of the exporter knows and this PostgreSQL refuses."""
    found = program("postgres-exporter")
    if found is None:
        return []
    asked = subprocess.run([found, "--help"], capture_output=True, text=True, timeout=20, check=False)
    said = asked.stdout + asked.stderr
    return [f"--no-collector.{name}" for name in REFUSED if re.search(rf"collector\.{name}(?!\w)", said)]


def _postgres(context: Context) -> Command:
    role, secret = POSTGRES_ROLE
    return running(
        context,
        "postgres-exporter",
        f"--web.listen-address={address(context, 'POSTGRES_EXPORTER_PORT')}",
        *_left_out(),
        "--log.level=warn",
        env={
            "DATA_SOURCE_URI": f"{address(context, 'POSTGRES_PORT')}/postgres?sslmode=disable",
            "DATA_SOURCE_USER": role,
            "DATA_SOURCE_PASS": context.secrets[secret],
        },
    )


def _valkey(context: Context) -> Command:
    return running(
        context,
        "valkey-exporter",
        f"-web.listen-address={address(context, 'VALKEY_EXPORTER_PORT')}",
        # No CONFIG, which would tell passwords; what a limit is INFO says, too.
        "-config-command=-",
        "-set-client-name=false",
        env={
            "REDIS_ADDR": f"redis://{address(context, 'VALKEY_PORT')}",
            "REDIS_USER": VALKEY_USER,
            "REDIS_PASSWORD": context.secrets["VALKEY_WATCHER_PASSWORD"],
        },
    )


def _ask(context: Context, setting: str, gauge: str, server: str, log: str) -> str:
    answer = httpx.get(f"http://{address(context, setting)}/metrics", timeout=8, trust_env=False)
    if sample(answer.raise_for_status().text, gauge) != 1:
        raise StackError(f"It answers, but does not reach {server}.", f"See `make logs S={log}`.")
    return f"tells of {server}"


POSTGRES = Service(
    "postgres-exporter",
    "PostgreSQL exporter",
    _postgres,
    lambda context: _ask(context, "POSTGRES_EXPORTER_PORT", "pg_up", "PostgreSQL", "postgres"),
    needs=("postgres",),
    prepare=lambda context: _prepare(context, "postgres-exporter"),
    ready_seconds=60,
)
VALKEY = Service(
    "valkey-exporter",
    "Valkey exporter",
    _valkey,
    lambda context: _ask(context, "VALKEY_EXPORTER_PORT", "redis_up", "Valkey", "valkey"),
    needs=("valkey",),
    prepare=lambda context: _prepare(context, "valkey-exporter"),
    ready_seconds=60,
)
