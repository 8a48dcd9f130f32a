"""Single objects, on the real object store."""

from __future__ import annotations

import hashlib
import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from pytest_django.fixtures import Settings

from hocotate_site.object_store import client
from hocotate_site.objects import (
    NoSuchObject,
    ObjectTooLarge,
    StoreUnreachable,
    object_etag,
    object_get,
    object_put,
)

pytestmark = pytest.mark.usefixtures("backing")
BUCKET = settings.BUCKET_MISSIONS


@pytest.fixture
def key() -> Iterator[str]:
    """A key that no other test uses, with a character that a URL has to hide."""
    made = f"missions/0/2026-11-25/test {uuid.uuid4().hex}+é.json"
    yield made
    client().delete_object(Bucket=BUCKET, Key=made)


@pytest.fixture
def free_address() -> str:
    """An address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("size", [0, 1, 70_000, 12 * 2**20])
def test_what_was_put_is_read_back_whole_with_the_etag_that_is_listed(key: str, size: int) -> None:
    raw = hashlib.shake_128(b"report").digest(size)

    object_put(BUCKET, key, raw, content_type="application/json")
    stored = object_get(BUCKET, key, limit=size)

    assert stored.raw == raw
    assert stored.etag == object_etag(BUCKET, key)
    (listed,) = client().list_objects_v2(Bucket=BUCKET, Prefix=key)["Contents"]
    assert listed["ETag"].strip('"') == stored.etag
    assert client().head_object(Bucket=BUCKET, Key=key)["ContentType"] == "application/json"


def test_an_object_over_the_limit_is_refused_and_the_next_one_is_read(key: str) -> None:
    object_put(BUCKET, key, b"x" * 100_000, content_type="text/plain")

    with pytest.raises(ObjectTooLarge, match="has 100,000 bytes"):
        object_get(BUCKET, key, limit=99_999)
    assert len(object_get(BUCKET, key, limit=100_000).raw) == 100_000


def test_an_object_that_calls_itself_packed_is_read_as_it_is_stored(key: str) -> None:
    client().put_object(Bucket=BUCKET, Key=key, Body=b"no gzip", ContentEncoding="gzip")

    assert object_get(BUCKET, key, limit=100).raw == b"no gzip"


def test_an_object_that_is_not_there_is_named(key: str) -> None:
    with pytest.raises(NoSuchObject, match="there is no such object"):
        object_get(BUCKET, key, limit=1)
    with pytest.raises(NoSuchObject):
        object_etag(BUCKET, key)


def test_a_wrong_key_is_told_as_the_store_tells_it(key: str, settings: Settings) -> None:
    settings.S3_SITE_SECRET_KEY = "wrong"

    with pytest.raises(StoreUnreachable, match=r"does not serve it.*403 Forbidden.*SignatureDoesNotMatch"):
        object_get(BUCKET, key, limit=1)


def test_a_store_that_is_away_is_told_soon(key: str, settings: Settings, free_address: str) -> None:
    settings.S3_ENDPOINT_URL = free_address

    with pytest.raises(StoreUnreachable, match="missions/0/"):
        object_put(BUCKET, key, b"x", content_type="text/plain")


def test_threads_share_the_connections(key: str) -> None:
    object_put(BUCKET, key, b"shared", content_type="text/plain")

    with ThreadPoolExecutor(12) as threads:
        read = list(threads.map(lambda _: object_get(BUCKET, key, limit=10).raw, range(200)))
    assert read == [b"shared"] * 200
