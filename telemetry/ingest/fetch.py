"""Objects of the bucket of missions, read whole up to a limit."""

from __future__ import annotations

from django.conf import settings

from hocotate_site import objects
from hocotate_site.objects import StoredObject

from .errors import Check, ObjectMissing, ReportRejected, StoreAway


def object_fetch(key: str, *, limit: int) -> StoredObject:
    """The object `key`, at most `limit` bytes of it.

    Raises:
        ObjectMissing: there is none.
        ReportRejected: it is larger than `limit`.
        StoreAway: the object store does not serve it now.
    """
    try:
        return objects.object_get(settings.BUCKET_MISSIONS, key, limit=limit)
    except objects.NoSuchObject:
        raise ObjectMissing(key) from None
    except objects.ObjectTooLarge as error:
        raise ReportRejected(Check.SIZE, f"{key}: has {error.size:,} bytes; at most {limit:,} are taken.") from None
    except objects.StoreUnreachable as error:
        raise StoreAway(str(error)) from error


def object_read(key: str, *, limit: int) -> bytes:
    """The bytes of the object `key`; raises as `object_fetch` does."""
    return object_fetch(key, limit=limit).raw


def object_etag(key: str) -> str | None:
    """The object's ETag; None when there is no such object.

    Raises:
        StoreAway: the object store does not serve it now.
    """
    try:
        return objects.object_etag(settings.BUCKET_MISSIONS, key)
    except objects.NoSuchObject:
        return None
    except objects.StoreUnreachable as error:
        raise StoreAway(str(error)) from error
