"""What Alertmanager told of alerts. In schema `ops`."""

from __future__ import annotations

from django.db import models


class Alert(models.Model):
    """One alert from its start to its end. Told of again it is the same row, told again or ended."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the alert")
    fingerprint = models.CharField(max_length=16, db_comment="Hash of its labels, in hex: which alert it is")
    starts_at = models.DateTimeField(db_comment="When it began to fire, UTC")
    ends_at = models.DateTimeField(null=True, blank=True, db_comment="When it was over, UTC; null until then")
    told_at = models.DateTimeField(db_comment="When Alertmanager last told of it, UTC")
    name = models.TextField(db_comment="Name of the alert, as in its runbook's")
    severity = models.TextField(blank=True, default="", db_comment="critical, warning, info or none")
    part = models.TextField(blank=True, default="", db_comment="Part of the platform that it is about")
    summary = models.TextField(blank=True, default="", db_comment="What is wrong, a sentence")
    labels = models.JSONField(default=dict, db_comment="All labels, by name")
    annotations = models.JSONField(default=dict, db_comment="What to do, and where to look, by name")

    class Meta:
        db_table = 'ops"."alerts'
        db_table_comment = "Alerts that Alertmanager told of, a row each; kept for ALERTS_DAYS"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "starts_at"], name="alerts_once"),
        ]
        indexes = [
            models.Index(fields=["told_at"], name="alerts_told_at"),
            models.Index(fields=["starts_at"], name="alerts_starts_at"),
        ]

    def __str__(self) -> str:
        """Name the alert and when it began."""
        return f"{self.name} of {self.starts_at:%Y-%m-%d %H:%M:%S}"
