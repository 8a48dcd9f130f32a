"""The bucket of missions, listed a page at a time in the order of its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from hocotate_site import object_store

from .compare import Listed
from .errors import StoreAway

PAGE: Final = 1000
"""Objects a page; the most that S3 lists at once."""


def pages(*, after_key: str = "", page: int = PAGE) -> Iterator[list[Listed]]:
    """Pages of the objects behind `after_key`, none of them empty; the next is asked for when it is needed.

    Raises:
        StoreAway: the object store does not list now.
    """
    while True:
        try:
            answer = object_store.client().list_objects_v2(
                Bucket=settings.BUCKET_MISSIONS, StartAfter=after_key, MaxKeys=page
            )
        except (ClientError, BotoCoreError, OSError) as error:
            raise StoreAway(f"{settings.BUCKET_MISSIONS}: cannot be listed behind {after_key!r}: {error}") from error
        listed = [Listed(entry["Key"], entry["ETag"].strip('"')) for entry in answer.get("Contents", ())]
        if not listed:
            return
        yield listed
        after_key = listed[-1].key
