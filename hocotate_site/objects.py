"""Single objects, read and written many times a second by many threads.

Around each call boto3 does a millisecond of work, which is more than all that is done to a small report; obstore does
it in Rust, in a third of the time, and lets other threads run meanwhile. What else there is to do (listings, links) is
asked of `object_store.client()`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from obstore.store import S3Store

CONNECT: Final = dt.timedelta(seconds=2)
SILENCE: Final = dt.timedelta(seconds=30)
"""How long the store may say nothing."""
WHOLE: Final = dt.timedelta(hours=1)
"""An object's whole time; a large one may take long."""
RETRIES: Final = 2
BACKOFF: Final = dt.timedelta(milliseconds=100)


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
        ObjectTooLarge: it has more than `limit` bytes; they were not read.
        StoreUnreachable: the store does not serve it now.
    """
    import obstore

    with _told(bucket, key):
        found = obstore.get(_store(bucket), key)
        if found.meta["size"] > limit:
            raise ObjectTooLarge(f"{bucket}/{key}", found.meta["size"])
        return StoredObject(bytes(found.bytes()), _bare(found.meta["e_tag"]))


def object_etag(bucket: str, key: str) -> str:
    """The object's ETag, without quotes.

    Raises:
        NoSuchObject: there is none.
        StoreUnreachable: the store does not serve it now.
    """
    import obstore

    with _told(bucket, key):
        return _bare(obstore.head(_store(bucket), key)["e_tag"])


def object_put(bucket: str, key: str, raw: bytes, *, content_type: str) -> None:
    """Write the object, over one that is there.

    Raises:
        StoreUnreachable: the store does not take it now.
    """
    import obstore

    with _told(bucket, key):
        obstore.put(_store(bucket), key, raw, attributes={"Content-Type": content_type}, use_multipart=False)


@contextmanager
def _told(bucket: str, key: str) -> Iterator[None]:
    """What obstore raises, as this module's errors."""
    from obstore.exceptions import BaseError

    where = f"{bucket}/{key}"
    try:
        yield
    except FileNotFoundError:
        raise NoSuchObject(f"{where}: there is no such object.") from None
    except (BaseError, OSError) as error:
        # It goes on with the structures of Rust that it came from.
        said = " ".join(str(error).partition("Debug source")[0].rpartition(" - ")[2].split())
        raise StoreUnreachable(f"{where}: the object store does not serve it: {said[:300]}") from error
    except ValueError as error:
        raise NoSuchObject(f"{where}: no object has such a key.") from error


def _bare(etag: str | None) -> str:
    return (etag or "").strip('"')


def _store(bucket: str) -> S3Store:
    return _connected(
        bucket, settings.S3_ENDPOINT_URL, settings.S3_REGION, settings.S3_SITE_ACCESS_KEY, settings.S3_SITE_SECRET_KEY
    )


@lru_cache(maxsize=8)
def _connected(bucket: str, endpoint: str, region: str, access_key: str, secret_key: str) -> S3Store:
    # Here, since most processes of the site read no object, and those that fork must not have it before.
    from obstore.store import S3Store

    return S3Store(
        bucket,
        endpoint=endpoint,
        region=region,
        access_key_id=access_key,
        secret_access_key=secret_key,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True, "connect_timeout": CONNECT, "read_timeout": SILENCE, "timeout": WHOLE},
        retry_config={"max_retries": RETRIES, "backoff": {"init_backoff": BACKOFF}},
    )
