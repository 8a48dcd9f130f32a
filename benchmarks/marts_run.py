"""What `benchmarks.marts` measures, in a process that keeps dbt between builds, as the worker does.

Each line on standard input is a request for a build, `full` or `new`; each line on standard output its seconds.
"""

from __future__ import annotations

import logging
import sys

import django

django.setup()

from telemetry.mart_builds.build import marts_build  # noqa: E402  (Django's models want it set up)
from telemetry.mart_builds.dbt import dbt_kept  # noqa: E402


def main() -> None:
    """Build until the input ends."""
    # The site's log goes to standard output as well.
    logging.disable(logging.INFO)
    for line in sys.stdin:
        print(marts_build(dbt_kept(), full=line.strip() == "full").seconds, flush=True)


if __name__ == "__main__":
    main()
