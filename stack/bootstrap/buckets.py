"""The three buckets of the object store."""

from __future__ import annotations

from typing import Any

from stack.services.base import Context
from stack.services.seaweedfs import LAKE_BUCKET, REPORT_BUCKETS, client


def ensure(context: Context) -> None:
    """Make the buckets that are missing."""
    store: Any = client(context, "ADMIN")
    known = {bucket["Name"] for bucket in store.list_buckets()["Buckets"]}
    for bucket in (*REPORT_BUCKETS, LAKE_BUCKET):
        if bucket not in known:
            store.create_bucket(Bucket=bucket)
