"""Announced reports and how far each has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value


class UploadState(models.TextChoices):
    """Where a report stands: announced -> committed -> loaded, or quarantined with a reason."""

    ANNOUNCED = "announced", "announced"
    COMMITTED = "committed", "committed"
    LOADED = "loaded", "loaded"
    QUARANTINED = "quarantined", "quarantined"


OPEN_STATES = (UploadState.ANNOUNCED, UploadState.COMMITTED)


class ReportUpload(models.Model):
    """One report that a ship announced; the row is the only to-do list of the ingest."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the upload")
    mission_id = models.BigIntegerField(db_comment="Mission in params.missions that hands the report in")
    report_no = models.PositiveSmallIntegerField(db_comment="Number of the report on its date, 1..9999")
    date = models.DateField(db_comment="Date of the report, UTC")
    manifest_key = models.TextField(db_comment="Key of the manifest in the bucket of missions")
    state = models.TextField(
        choices=UploadState,
        default=UploadState.ANNOUNCED,
        db_comment="announced, committed (the ship says its manifest stands), loaded or quarantined",
    )
    failed_check = models.TextField(blank=True, default="", db_comment="Check that quarantined the report")
    reason = models.TextField(blank=True, default="", db_comment="Sentence that says what is wrong with it")
    offending_row = models.JSONField(
        null=True,
        blank=True,
        default=None,
        db_comment="The row that quarantined the report: file, row (the first is 0) and values; null where none did",
    )
    etags = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        db_comment="ETags of the objects that the run saw which quarantined the report, by kind",
    )
    found = models.BooleanField(
        default=False, db_default=False, db_comment="Whether the reconcile found it in the bucket, unannounced"
    )
    attempts = models.PositiveIntegerField(default=0, db_comment="Runs begun since the last commit or retry")
    announced_at = models.DateTimeField(db_comment="When the ship first asked for upload addresses, UTC")
    updated_at = models.DateTimeField(auto_now=True, db_comment="When this row last changed, UTC")

    class Meta:
        db_table = 'll"."report_uploads'
        db_table_comment = "Reports that ships announced, and how far each has come"
        ordering = ["-id"]
        verbose_name = "report upload"
        permissions = [("retry_reportupload", "Can try quarantined reports again")]
        constraints = [
            models.CheckConstraint(
                condition=Q(report_no__gte=1, report_no__lte=9999), name="report_uploads_report_no_1_to_9999"
            ),
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="report_uploads_state_known"),
            models.CheckConstraint(
                condition=(Q(state=UploadState.QUARANTINED) & ~Q(reason=""))
                | (~Q(state=UploadState.QUARANTINED) & Q(reason="")),
                name="report_uploads_reason_iff_quarantined",
            ),
            models.CheckConstraint(
                condition=Q(state=UploadState.QUARANTINED) | Q(offending_row__isnull=True),
                name="report_uploads_row_only_quarantined",
            ),
            models.UniqueConstraint(fields=["mission_id", "date", "report_no"], name="report_uploads_report"),
            models.UniqueConstraint(fields=["manifest_key"], name="report_uploads_manifest_key"),
        ]
        indexes = [
            # Few reports are open at a time: the scan reads only these, however many were loaded.
            models.Index(fields=["id"], condition=Q(state__in=OPEN_STATES), name="report_uploads_open"),
            models.Index(
                fields=["updated_at"],
                condition=Q(state=UploadState.QUARANTINED),
                name="report_uploads_quarantined",
            ),
            models.Index(fields=["announced_at"], name="report_uploads_announced"),
        ]

    def __str__(self) -> str:
        """Name the report as operators do: mission, date and number."""
        return f"mission {self.mission_id}, {self.date:%Y-%m-%d}, report {self.report_no}"

    @property
    def is_open(self) -> bool:
        """Whether the ingest still has to handle the report."""
        return self.state in OPEN_STATES
