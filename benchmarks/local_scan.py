"""`python -m benchmarks.local_scan SQL FILE...`: DuckDB alone over local Parquet files, as `manage.py lake` would ask.

The SQL names the files' rows as `files`. Prints how many rows the answer has and the seconds from opening DuckDB to the
last row, as the last line of `manage.py lake` does. The settings are those of the lake's
queries, and nothing else is set.
"""

from __future__ import annotations

import sys
import time

import duckdb

from telemetry.lake.access import Limits


def main() -> None:
    """Run it once."""
    sql, *files = sys.argv[1:]
    limits = Limits()
    began = time.monotonic()
    with duckdb.connect(
        config={"memory_limit": f"{limits.memory_mb}MB", "threads": limits.threads, "temp_directory": ""}
    ) as connection:
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE VIEW files AS FROM read_parquet([{listed}])")
        count = len(connection.execute(sql).fetchall())
    sys.stdout.write(f"({count:,} rows, {time.monotonic() - began:.2f} s)\n")


if __name__ == "__main__":
    main()
