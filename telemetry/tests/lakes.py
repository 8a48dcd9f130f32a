"""A filled lake, and the site's web process over it, for tests of SQL."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
import psutil
import pyarrow as pa

from spark.columns import INGEST_TIME
from spark.ledger import Ledger
from spark.settings import lake_settings
from spark.tests.lakes import Lake, until
from spark.tests.test_verdicts import batch
from spark.transforms.verdicts import accepted, rejected
from stack.config import ROOT
from stack.services.base import Context
from tests.messages import invalid, valid

NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROWS: Final = 50
REFUSED: Final = 11


def fill(lake: Lake) -> None:
    """50 rows and 11 dead letters of partition 3, offsets from 100."""
    sent = [valid(seq, NOW - timedelta(seconds=ROWS - seq)) for seq in range(ROWS)]
    messages = batch(*sent, *invalid(NOW).values(), at=NOW)
    with lake.writer() as catalog:
        catalog.create_namespace("telemetry")
        for name, rows in (("raw", accepted(messages)), ("dead_letters", rejected(messages))):
            table = pa.Table.from_batches([rows])
            times = pa.array([NOW] * table.num_rows, pa.timestamp("us", tz="UTC"))
            table = table.append_column(INGEST_TIME.name, times)
            catalog.create_table(f"telemetry.{name}", schema=table.schema).append(table)
    ledger = Ledger(lake_settings(lake.environment()))
    for name in ("raw", "dead_letters"):
        ledger.note_progress(name, {3: 100 + ROWS + REFUSED})


@dataclass
class Site:
    """A web process of its own: real Daphne over the test database and a lake."""

    process: subprocess.Popen[bytes]
    url: str
    _clients: list[httpx.Client] = field(default_factory=list)

    def client(self, token: str = "") -> httpx.Client:
        """One more browser or program; with a token it sends that."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = httpx.Client(base_url=self.url, timeout=60, trust_env=False, headers=headers)
        self._clients.append(client)
        return client

    def signed_in(self, name: str, password: str) -> httpx.Client:
        """A browser in which somebody has signed in; it sends the CSRF token with each request."""
        client = self.client()
        page = client.get("/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token is not None
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1], "next": "/lake/"}
        answer = client.post("/login/", data=form, headers={"Referer": self.url})
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/lake/")
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        return client

    def query_processes(self) -> list[psutil.Process]:
        """The processes in which queries run."""
        try:
            return [
                one for one in psutil.Process(self.process.pid).children() if "telemetry.lake.worker" in one.cmdline()
            ]
        except psutil.NoSuchProcess:
            return []

    def busy(self) -> list[psutil.Process]:
        """Those of them that have worked for more than a second of processor time since they started up."""
        return [one for one in self.query_processes() if sum(one.cpu_times()[:2]) > BUSY_S]

    def close(self) -> None:
        """End the clients and the process."""
        for client in self._clients:
            client.close()
        self.process.terminate()
        self.process.wait(20)


BUSY_S: Final = 3.0


def serving(lake: Lake, **settings: str) -> AbstractContextManager[Site]:
    """Daphne on a free port over a lake, until the block ends."""
    access = lake.access()
    there = {"LAKE_CATALOG_READER_URL": access.catalog_url, "LAKE_WAREHOUSE": access.warehouse}
    return serving_site(lake.context, **there, **settings)


@contextmanager
def serving_site(context: Context, **settings: str) -> Iterator[Site]:
    """Daphne on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    database = urlsplit(context.settings["DATABASE_URL"])
    reader = urlsplit(context.settings["WAREHOUSE_READER_URL"])
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "telemetry.tests.web_settings",
        "DATABASE_URL": database._replace(path="/test_hocotate").geturl(),
        "WAREHOUSE_READER_URL": reader._replace(path="/test_hocotate").geturl(),
        "SITE_URL": url,
        **settings,
    }
    argv = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--access-log", "/dev/null"]
    process = subprocess.Popen([*argv, "hocotate_site.asgi:application"], cwd=ROOT, env=env)
    site = Site(process, url)
    try:
        until("the site answers", lambda: _alive(site), 60)
        yield site
    finally:
        site.close()


def _alive(site: Site) -> bool:
    assert site.process.poll() is None, "The web process ended."
    try:
        return httpx.get(f"{site.url}/livez", timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        time.sleep(0.1)
        return False
