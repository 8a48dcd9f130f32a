"""The engine of our own statements over the lake: one DuckDB a process, with the fence of strangers' SQL around it.

Loading DuckDB's extensions takes longer (0.25 s) than looking a mission up. So the engine is started once, and keeps
what it has read of files, which never change in an Iceberg lake. Strangers' SQL gets a DuckDB of its own each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

import duckdb

from telemetry.lake.access import LakeAccess, Limits, extension_file
from telemetry.lake.engine import EXTENSIONS, literal, store_secret

LIMITS: Final = Limits(rows=0, seconds=30, memory_mb=128, threads=2)
"""Memory and threads of all statements together; seconds of each."""
KEPT: Final = 2
"""Engines of as many lakes; a process has one lake, tests have more."""

_engines: OrderedDict[LakeAccess, duckdb.DuckDBPyConnection] = OrderedDict()
_lock = threading.Lock()


def connect(access: LakeAccess) -> duckdb.DuckDBPyConnection:
    """A connection to the engine for one statement at a time; the caller closes it.

    Raises:
        duckdb.Error: the engine does not start.
    """
    with _lock:
        engine = _engines.get(access)
        if engine is None:
            engine = _engines[access] = _started(access)
            if len(_engines) > KEPT:
                _engines.popitem(last=False)
        _engines.move_to_end(access)
        return engine.cursor()


def _started(access: LakeAccess) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(
        config={
            "memory_limit": f"{LIMITS.memory_mb}MB",
            "threads": LIMITS.threads,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        }
    )
    for name in EXTENSIONS:
        engine.execute(f"LOAD {literal(str(extension_file(name)))}")
    engine.execute(store_secret(access))
    for setting in (
        "TimeZone = 'UTC'",
        "parquet_metadata_cache = true",
        "enable_http_metadata_cache = true",
        "validate_external_file_cache = 'NO_VALIDATION'",
        f"allowed_directories = [{literal(access.warehouse.rstrip('/') + '/')}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        engine.execute(f"SET GLOBAL {setting}")
    return engine
