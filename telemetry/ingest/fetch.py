"""Objects of the bucket of missions, read whole up to a limit."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from hocotate_site import object_store

from .errors import Check, ObjectMissing, ReportRejected, StoreAway

MISSING = {"NoSuchKey", "404", "NotFound"}


def object_read(key: str, *, limit: int) -> bytes:
    """The bytes of the object `key`, at most `limit`.

    Raises:
        ObjectMissing: there is none.
        ReportRejected: it is larger than `limit`.
        StoreAway: the object store does not serve it now.
    """
    try:
        answer = object_store.client().get_object(Bucket=settings.BUCKET_MISSIONS, Key=key)
        with answer["Body"] as body:
            size = int(answer["ContentLength"])
            raw: bytes = b"" if size > limit else body.read()
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            raise ObjectMissing(key) from None
        raise StoreAway(f"{key}: {error}") from error
    except (BotoCoreError, OSError) as error:
        raise StoreAway(f"{key}: {error}") from error
    if size > limit:
        raise ReportRejected(Check.SIZE, f"{key}: has {size:,} bytes; at most {limit:,} are taken.")
    return raw
