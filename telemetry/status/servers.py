"""Asks the servers that keep state: Kafka, registry, object store, PostgreSQL, Valkey."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import httpx
import psycopg
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from hocotate_site import health, kafka_stretch, object_store, postgres

from .answer import PATIENCE_S, Answer, NotStarted

QUEUE = "celery"
"""Name of Celery's queue, a list in Valkey."""


def kafka() -> Answer:
    """Partitions, and messages that it keeps of telemetry.raw."""
    began = time.monotonic()
    health.ask_kafka()
    took = time.monotonic() - began
    held = kafka_stretch.bounds(settings.TOPIC_RAW, patience_s=PATIENCE_S)
    facts = {
        "partitions": len(held),
        "kept": sum(map(len, held.values())),
        "end": sum(stretch.stop for stretch in held.values()),
    }
    return Answer(seconds=took, facts=facts)


def registry() -> Answer:
    """How many subjects, and its version."""
    began = time.monotonic()
    with httpx.Client(timeout=PATIENCE_S, trust_env=False) as client:
        answer = client.get(f"{settings.REGISTRY_URL}/subjects")
        answer.raise_for_status()
        took = time.monotonic() - began
        told = client.get(f"{settings.REGISTRY_URL.partition('/apis/')[0]}/apis/registry/v3/system/info")
        version = str(told.json().get("version", "")) if told.is_success else ""
    return Answer(seconds=took, version=version, facts={"subjects": len(answer.json())})


def store() -> Answer:
    """A look at the bucket of reports."""
    client = object_store.client(patience_s=int(PATIENCE_S), attempts=1)
    began = time.monotonic()
    told: dict[str, Any] = client.head_bucket(Bucket=settings.BUCKET_MISSIONS)
    took = time.monotonic() - began
    # SeaweedFS names itself, its largest volume and its version.
    server = str(told["ResponseMetadata"]["HTTPHeaders"].get("server", ""))
    return Answer(seconds=took, version=server.split()[-1] if server.startswith("SeaweedFS") else "")


def postgresql() -> Answer:
    """Version, start, connections, and size of the site's database in bytes."""
    with psycopg.connect(
        **postgres.address(settings.DATABASES["default"]),
        connect_timeout=int(PATIENCE_S),
        options=f"-c statement_timeout={int(PATIENCE_S * 1000)}",
    ) as connection:
        began = time.monotonic()
        connection.execute("SELECT 1")
        took = time.monotonic() - began
        row = connection.execute(
            "SELECT current_setting('server_version'), pg_postmaster_start_time(),"
            " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " pg_database_size(current_database())"
        ).fetchone()
    version, since, connections, size = row or ("", None, 0, 0)
    facts = {"connections": connections, "bytes": size}
    return Answer(seconds=took, version=str(version).split()[0], up_since=since, facts=facts)


def valkey_client() -> redis.Redis:
    """A client that does not wait long, nor try twice."""
    return redis.Redis.from_url(
        settings.VALKEY_URL,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )


def valkey() -> Answer:
    """Version, start and memory."""
    with valkey_client() as client:
        began = time.monotonic()
        client.ping()
        took = time.monotonic() - began
        info: dict[str, Any] = client.info()
    since = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=int(info["uptime_in_seconds"]))
    version = str(info.get("valkey_version", info["redis_version"]))
    return Answer(seconds=took, version=version, up_since=since, facts={"bytes": info["used_memory"]})


def prometheus() -> Answer:
    """Whether it is ready, and its version."""
    if not settings.PROMETHEUS_URL:
        raise NotStarted("It is not on this machine, or not to be started (WATCHING=0).")
    return _watcher(settings.PROMETHEUS_URL, "/-/ready", "/api/v1/status/buildinfo", ("data", "version"))


def grafana() -> Answer:
    """Its own health, and its version."""
    if not settings.GRAFANA_URL:
        raise NotStarted("Part of the container stack only.")
    return _watcher(settings.GRAFANA_URL, "/api/health", "/api/health", ("version",))


def _watcher(url: str, ready: str, about: str, path: tuple[str, ...]) -> Answer:
    with httpx.Client(timeout=PATIENCE_S, trust_env=False) as client:
        began = time.monotonic()
        client.get(f"{url}{ready}").raise_for_status()
        took = time.monotonic() - began
        told: Any = client.get(f"{url}{about}").json()
    for name in path:
        told = told.get(name, {}) if isinstance(told, dict) else {}
    return Answer(seconds=took, version=told if isinstance(told, str) else "")
