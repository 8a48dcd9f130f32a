"""How large a report may be. A report of a day (86,400 ticks) has about 8 MB."""

from __future__ import annotations

from typing import Final

LARGEST_FILE: Final = 128 * 1024 * 1024
"""Bytes of a parquet file."""

LARGEST_TABLE: Final = 1024 * 1024 * 1024
"""Bytes of a parquet file's columns, unpacked; a small file can unpack to far more than it weighs."""

MOST_ROWS: Final = 5_000_000
"""Rows of a parquet file."""
