"""Links to the object store, tried on the real one."""

import uuid

import httpx
import pytest
from django.conf import settings
from pytest_django import Settings

from hocotate_site.object_store import client, presign_create

pytestmark = pytest.mark.usefixtures("backing")


@pytest.fixture
def key() -> str:
    """A key that no other test uses."""
    return f"missions/0/2026-11-25/test_{uuid.uuid4().hex}.json"


def test_a_link_creates_its_object_once(key: str) -> None:
    link = presign_create(settings.BUCKET_MISSIONS, key)

    first = httpx.put(link.url, content=b"one", headers=link.headers)
    second = httpx.put(link.url, content=b"two", headers=link.headers)

    assert (first.status_code, second.status_code) == (200, 412)
    assert client().get_object(Bucket=settings.BUCKET_MISSIONS, Key=key)["Body"].read() == b"one"
    client().delete_object(Bucket=settings.BUCKET_MISSIONS, Key=key)


def test_a_link_does_not_serve_without_its_condition(key: str) -> None:
    link = presign_create(settings.BUCKET_MISSIONS, key)

    assert httpx.put(link.url, content=b"one").status_code == 403


def test_a_link_serves_no_other_key(key: str) -> None:
    link = presign_create(settings.BUCKET_MISSIONS, key)

    assert httpx.put(link.url.replace(key, key + "x"), content=b"one", headers=link.headers).status_code == 403


def test_a_link_ends(key: str) -> None:
    link = presign_create(settings.BUCKET_MISSIONS, key, expires_s=1)
    expired = link.url.replace("X-Amz-Date=2", "X-Amz-Date=1")

    assert httpx.put(expired, content=b"one", headers=link.headers).status_code == 403


def test_a_link_is_made_out_to_the_address_that_ships_use(settings: Settings, key: str) -> None:
    settings.S3_PUBLIC_URL = "https://hq.example:9000"
    client.cache_clear()

    try:
        assert presign_create(settings.BUCKET_MISSIONS, key).url.startswith(f"https://hq.example:9000/missions/{key}?")
        assert client().meta.endpoint_url == settings.S3_ENDPOINT_URL
    finally:
        client.cache_clear()
