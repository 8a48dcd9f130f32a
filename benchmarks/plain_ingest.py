"""The original's way with reports: the bucket listed whole, and one COPY and one commit a manifest."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime

import pandas as pd
from django.conf import settings
from django.db import connection, transaction

from hocotate_site import object_store


def prepare() -> None:
    """Tables like those of the ingest, with the same keys."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS plain")
        for table in ("mission_reports", "manifests"):
            cursor.execute(f"CREATE TABLE IF NOT EXISTS plain.{table} (LIKE ll.{table} INCLUDING ALL)")


def ingest(mission: int) -> None:
    """Load every report of a mission."""
    client = object_store.client()
    for page in client.get_paginator("list_objects_v2").paginate(
        Bucket=settings.BUCKET_MISSIONS, Prefix=f"missions/{mission}/"
    ):
        for listed in page["Contents"]:
            if listed["Key"].endswith(".json"):
                _load(listed["Key"])


def _load(key: str) -> None:
    client = object_store.client()
    raw = client.get_object(Bucket=settings.BUCKET_MISSIONS, Key=key)["Body"].read()
    manifest = json.loads(raw)
    file = manifest["files"][0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM plain.manifests WHERE manifest_path = %s", [key])
        if cursor.fetchone()[0]:
            return
    body = client.get_object(Bucket=settings.BUCKET_MISSIONS, Key=file["key"])["Body"].read()
    digest = hashlib.sha256(body).hexdigest()
    frame = pd.read_parquet(io.BytesIO(body))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO plain.manifests (mission_id, mission_date, report_no, manifest_path, mission_file,"
            " checksum_mission, checksum_manifest, rows_mission, rows_ship_state, upload_time, status)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, %s, 'LOADED') RETURNING id",
            [
                manifest["mission_id"],
                manifest["date"],
                manifest["report_no"],
                key,
                file["key"],
                file["sha256"],
                hashlib.sha256(raw).hexdigest(),
                len(frame),
                manifest["uploaded_at"],
            ],
        )
        (ledger,) = cursor.fetchone()
        frame = frame.assign(
            manifest_id=ledger, row_no=range(len(frame)), file_checksum=digest, source_file=file["key"]
        )
        text = io.StringIO()
        frame.to_csv(text, index=False, header=False)
        with cursor.copy(
            f"COPY plain.mission_reports ({', '.join(frame.columns)}) FROM STDIN WITH (FORMAT CSV)"
        ) as copying:
            copying.write(text.getvalue())
    client.put_object(
        Bucket=settings.BUCKET_LOGS,
        Key=f"plain/{key}",
        Body=json.dumps(
            {
                "timestamp": datetime.now(UTC).isoformat(),
                "mission_id": manifest["mission_id"],
                "file_name": key,
                "source_bucket": settings.BUCKET_MISSIONS,
                "status": "SUCCESS",
                "sha256": digest,
            }
        ),
    )
