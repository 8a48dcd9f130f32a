"""Probes: whether this process lives, and whether what it depends on answers."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from http import HTTPStatus
from typing import Any

import psycopg
import redis
from confluent_kafka.admin import AdminClient
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from hocotate_site import kafka, object_store, postgres

logger = logging.getLogger(__name__)

PATIENCE_S = 2
"""What has not answered by then is not ready."""


def ask_postgresql() -> None:
    """One query on a connection of its own, so that a full pool does not look like a dead server."""
    with psycopg.connect(
        **postgres.address(settings.DATABASES["default"]),
        connect_timeout=PATIENCE_S,
        options=f"-c statement_timeout={PATIENCE_S * 1000}",
    ) as connection:
        connection.execute("SELECT 1")


def ask_valkey() -> None:
    """A ping."""
    with redis.Redis.from_url(
        settings.VALKEY_URL,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    ) as valkey:
        valkey.ping()


def ask_kafka() -> None:
    """A look at topic telemetry.raw.

    Raises:
        LookupError: the broker has no such topic.
    """
    topic = kafka_admin().list_topics(settings.TOPIC_RAW, timeout=PATIENCE_S).topics[settings.TOPIC_RAW]
    if topic.error is not None:
        raise LookupError(f"topic {settings.TOPIC_RAW}: {topic.error.str()}")


@cache
def kafka_admin() -> AdminClient:
    """The one client of this process that asks Kafka about itself."""
    return AdminClient({**kafka.address(), "log_level": 0})


def ask_object_store() -> None:
    """A look at bucket missions."""
    object_store.client(patience_s=PATIENCE_S, attempts=1).head_bucket(Bucket=settings.BUCKET_MISSIONS)


PARTS: dict[str, Callable[[], None]] = {
    "postgresql": ask_postgresql,
    "valkey": ask_valkey,
    "kafka": ask_kafka,
    "object_store": ask_object_store,
}

# Threads outlive their request when a part is slower than its patience; they are bounded, not waited for.
_askers = ThreadPoolExecutor(max_workers=2 * len(PARTS), thread_name_prefix="readyz")


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when every part answers, else 503; the JSON body says of each part `ok` or what is wrong."""
    asked = {part: _askers.submit(ask) for part, ask in PARTS.items()}
    answers = {part: _answer(part, future) for part, future in asked.items()}
    ready = all(answer == "ok" for answer in answers.values())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": ready, "parts": answers}, status=status)


def _answer(part: str, future: "Future[Any]") -> str:
    try:
        future.result(timeout=PATIENCE_S + 0.5)
    except TimeoutError:
        problem = f"no answer within {PATIENCE_S} s"
    except Exception as error:
        # Whatever keeps a part from answering is the probe's finding, not a fault of the probe.
        problem = f"{type(error).__name__}: {' '.join(str(error).split())}"
    else:
        return "ok"
    logger.warning("Not ready: %s: %s", part, problem)
    return problem
