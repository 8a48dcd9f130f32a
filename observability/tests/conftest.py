"""The programs of the Debian packages, which a machine may lack, and whom they tell."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest

from observability.tests.site import Site

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


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that hears of alerts."""
    with Site() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
