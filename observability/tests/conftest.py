"""The programs of the Debian packages, which a machine may lack."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

PACKAGES = (
    "prometheus prometheus-alertmanager prometheus-pushgateway prometheus-postgres-exporter prometheus-redis-exporter"
)


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Finds a program; without it the test is skipped, except where all must run."""

    def found(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            said = f"{name} is not on this machine: apt-get install --no-install-recommends {PACKAGES}"
            if os.environ.get("CI") == "true":
                pytest.fail(said)
            pytest.skip(said)
        return path

    return found
