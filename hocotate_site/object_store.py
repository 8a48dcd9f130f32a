"""The one way to the object store, as the site: a client, and links that let a ship write one object."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

LINK_LIFE_S = 900
"""A presigned link works for 15 minutes."""


@dataclass(frozen=True)
class Upload:
    """A link to PUT one object: its address, and the headers that the PUT must send."""

    url: str
    headers: dict[str, str]


@cache
def client(*, patience_s: int = 30, attempts: int = 3, outside: bool = False) -> Any:
    """A boto3 S3 client with the site's key, one for each patience (s until an answer); threads may share it.

    With `outside` it knows the store by the address that ships use, to sign links for them.
    """
    # Here, since it weighs 15 MB, and most processes of the site never ask for one.
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=(outside and settings.S3_PUBLIC_URL) or settings.S3_ENDPOINT_URL,
        region_name=settings.S3_REGION,
        aws_access_key_id=settings.S3_SITE_ACCESS_KEY,
        aws_secret_access_key=settings.S3_SITE_SECRET_KEY,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=2,
            read_timeout=patience_s,
            retries={"mode": "standard", "max_attempts": attempts},
            # Checksums that boto3 adds of its own accord would have to be sent with each presigned PUT.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def presign_create(bucket: str, key: str, *, expires_s: int = LINK_LIFE_S) -> Upload:
    """A link to create `key`; `If-None-Match: *` is signed, so a second PUT answers 412 and changes nothing."""
    url = client(outside=bool(settings.S3_PUBLIC_URL)).generate_presigned_url(
        "put_object",
        Params={"Bucket": bucket, "Key": key, "IfNoneMatch": "*"},
        ExpiresIn=expires_s,
        HttpMethod="PUT",
    )
    return Upload(url=url, headers={"If-None-Match": "*"})
