"""The exporters themselves, as the platform starts them: they tell what is documented, and may do nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import psycopg
import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql

from observability.tests.watchers import beside, eventually, started
from stack.config import ROOT
from stack.services import EXPORTERS, SERVICES
from stack.services.base import Context
from stack.services.postgres import WATCHER
from stack.services.programs import PROGRAMS
from stack.services.templates import address
from stack.services.valkey import WATCHER as VALKEY_USER
from stack.testing import RunningPlatform

pytestmark = [pytest.mark.platform, pytest.mark.timeout(600)]

HEADINGS = {"postgres-exporter": "PostgreSQL", "valkey-exporter": "Valkey"}


@pytest.fixture(scope="module")
def exporters(
    tool: Callable[[str], str], platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    """The exporters, beside the running platform."""
    for name in EXPORTERS:
        tool(PROGRAMS[name][0])
    context = beside(platform, tmp_path_factory.mktemp("exporters"))
    with started(context, EXPORTERS, every="5s"):
        yield context


def documented(heading: str) -> set[str]:
    """Names of metrics below a heading of the page."""
    page = (ROOT / "docs" / "metrics.md").read_text()
    _, _, text = page.partition(f"\n## {heading}\n")
    rows = re.findall(r"^\| (`.+?) \|", text.partition("\n## ")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall("`(.+?)`", row)}


def served(context: Context, name: str) -> set[str]:
    """Names of the metrics that an exporter serves."""
    setting = f"{name.upper().replace('-', '_')}_PORT"
    answer = httpx.get(f"http://{address(context, setting)}/metrics", timeout=20, trust_env=False)
    found = text_string_to_metric_families(answer.raise_for_status().text)
    return {f"{family.name}_total" if family.type == "counter" else family.name for family in found}


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_exporter_reaches_its_server_and_tells_what_is_documented(exporters: Context, name: str) -> None:
    assert eventually(f"{name} answers", partial(SERVICES[name].ask, exporters)).startswith("tells of ")

    known = documented(HEADINGS[name])
    assert known
    # Debian's exporter of PostgreSQL calls some counters what they are called in the catalogue.
    told = served(exporters, name)
    assert {one for one in known if not told & {one, f"{one}_total"}} == set()


def test_the_watcher_of_postgresql_reads_no_table_and_nobody_s_queries(platform: RunningPlatform) -> None:
    role, secret = WATCHER
    url = f"postgresql://{role}:{platform.context.secrets[secret]}@{address(platform.context, 'POSTGRES_PORT')}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        others = "from pg_stat_activity where usename <> current_user"
        counted = connection.execute(f"select count(*), count(state) {others}").fetchone()
        queries = connection.execute(f"select distinct query {others}").fetchall()
        assert counted is not None
        assert counted[0] > 1
        assert counted[1] == 0
        assert queries == [("<insufficient privilege>",)]
        for table in ("pg_authid", "pg_shadow"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("select * from {}").format(sql.Identifier(table)))
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(f"{url}/hocotate", connect_timeout=5)


def test_the_watcher_of_valkey_sees_neither_keys_nor_settings(platform: RunningPlatform) -> None:
    client = redis.Redis(
        host="127.0.0.1",
        port=platform.context.platform.port("VALKEY_PORT"),
        username=VALKEY_USER,
        password=platform.context.secrets["VALKEY_WATCHER_PASSWORD"],
        socket_timeout=5,
    )
    try:
        assert client.info("memory")["maxmemory"] > 0
        for command in ("GET hocotate:beat", "KEYS *", "CONFIG GET requirepass", "FLUSHALL", "ACL LIST"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command.split())  # type: ignore[no-untyped-call]  # redis-py leaves it open
        # Slow commands, with their keys and values, are not kept for it.
        with redis.Redis.from_url(platform.env["VALKEY_URL"], socket_timeout=5) as site:
            site.config_set("slowlog-log-slower-than", 0)
            try:
                site.get("of a session")
                assert client.slowlog_get(10) == []
            finally:
                site.config_set("slowlog-log-slower-than", 10_000)
    finally:
        client.close()
