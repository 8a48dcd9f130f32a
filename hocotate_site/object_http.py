"""Single objects read and written many times a second: signed by botocore, sent over kept connections.

Around each call boto3 does a millisecond of work, which is more than all that is done to a small report. What it
does beyond this (listings, links) is asked of `object_store.client()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from django.conf import settings

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

CONNECTIONS: Final = 16
"""Kept open at most; threads beyond that open their own."""

CONNECT_S: Final = 2.0
READ_S: Final = 30.0
RETRIES: Final = 2


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's bytes and its ETag, without quotes."""

    raw: bytes
    etag: str


class ObjectError(Exception):
    """An object could not be read or written; the text says which and why."""


class NoSuchObject(ObjectError):
    """The bucket holds no object with the key."""


class ObjectTooLarge(ObjectError):
    """The object has `size` bytes, more than were asked for."""

    def __init__(self, where: str, size: int) -> None:
        super().__init__(f"{where}: has {size:,} bytes.")
        self.size = size


class StoreUnreachable(ObjectError):
    """The object store does not answer, or refuses."""


def object_get(bucket: str, key: str, *, limit: int) -> StoredObject:
    """Read the object whole.

    Raises:
        NoSuchObject: there is none.
        ObjectTooLarge: it has more than `limit` bytes; none of them was read.
        StoreUnreachable: the store does not serve it now.
    """
    answer = _ask("GET", bucket, key)
    size = int(answer.headers.get("Content-Length", 0))
    raw = _read(answer, limit, f"{bucket}/{key}") if size <= limit else b""
    if max(size, len(raw)) > limit:
        # Unread bytes would stand before the next answer.
        answer.close()
        raise ObjectTooLarge(f"{bucket}/{key}", max(size, len(raw)))
    answer.release_conn()
    return StoredObject(raw, _etag(answer))


def object_etag(bucket: str, key: str) -> str:
    """The object's ETag, without quotes.

    Raises:
        NoSuchObject: there is none.
        StoreUnreachable: the store does not serve it now.
    """
    answer = _ask("HEAD", bucket, key)
    answer.release_conn()
    return _etag(answer)


def object_put(bucket: str, key: str, raw: bytes, *, content_type: str) -> None:
    """Write the object, over one that is there.

    Raises:
        StoreUnreachable: the store does not take it now.
    """
    answer = _ask("PUT", bucket, key, raw, {"Content-Type": content_type})
    answer.drain_conn()
    answer.release_conn()


def _ask(
    method: str, bucket: str, key: str, raw: bytes = b"", headers: dict[str, str] | None = None
) -> BaseHTTPResponse:
    from urllib3.exceptions import HTTPError

    url = f"{settings.S3_ENDPOINT_URL}/{bucket}/{quote(key, safe='/')}"
    try:
        answer = _pool().request(
            method, url, body=raw or None, headers=_signed(method, url, raw, headers or {}), preload_content=False
        )
    except (HTTPError, OSError) as error:
        raise StoreUnreachable(f"{bucket}/{key}: {error}") from error
    if answer.status < HTTPStatus.BAD_REQUEST:
        return answer
    said = answer.data[:300].decode(errors="replace")
    if answer.status == HTTPStatus.NOT_FOUND:
        raise NoSuchObject(f"{bucket}/{key}: there is no such object.")
    raise StoreUnreachable(f"{bucket}/{key}: the object store answers {answer.status} {said}".rstrip())


def _signed(method: str, url: str, raw: bytes, headers: dict[str, str]) -> dict[str, str]:
    """The headers, with the site's signature (S3, version 4) over request and body."""
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest(method, url, headers, raw)
    pair = Credentials(settings.S3_SITE_ACCESS_KEY, settings.S3_SITE_SECRET_KEY)
    S3SigV4Auth(pair, "s3", settings.S3_REGION).add_auth(request)
    return dict(request.headers.items())


def _read(answer: BaseHTTPResponse, limit: int, where: str) -> bytes:
    """At most one byte more than `limit`; as it is stored, whatever encoding its headers name."""
    from urllib3.exceptions import HTTPError

    try:
        return answer.read(limit + 1, decode_content=False)
    except (HTTPError, OSError) as error:
        raise StoreUnreachable(f"{where}: broke off: {error}") from error


def _etag(answer: BaseHTTPResponse) -> str:
    return answer.headers.get("ETag", "").strip('"')


@cache
def _pool() -> PoolManager:
    # Here, as in object_store, since most processes of the site read no object.
    from urllib3 import PoolManager, Retry, Timeout

    again = Retry(
        RETRIES,
        backoff_factor=0.1,
        status_forcelist=(500, 502, 503, 504),
        allowed_methods=None,
        raise_on_status=False,
        redirect=False,
    )
    return PoolManager(maxsize=CONNECTIONS, timeout=Timeout(connect=CONNECT_S, read=READ_S), retries=again)
