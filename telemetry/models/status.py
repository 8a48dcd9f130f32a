"""How the platform's parts were, minute by minute for a day, and what the audits found. In schema `ops`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PartState(models.TextChoices):
    """How a part is; IDLE is one that this platform does not start."""

    HEALTHY = "healthy", "healthy"
    DEGRADED = "degraded", "degraded"
    DOWN = "down", "down"
    IDLE = "idle", "not started"


class StatusSample(models.Model):
    """What one part answered in one minute."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the sample")
    at = models.DateTimeField(db_comment="Minute of the sample, UTC")
    part = models.TextField(db_comment="Which part, by its short name")
    asked_at = models.DateTimeField(db_comment="When it was asked, UTC")
    state = models.TextField(choices=PartState, db_comment="healthy, degraded, down or idle (not started)")
    said = models.TextField(blank=True, default="", db_comment="Why it is not healthy, a sentence")
    seconds = models.FloatField(null=True, db_comment="How long its answer took, s; null when there was none")
    version = models.TextField(blank=True, default="", db_comment="Its version, where it tells one")
    up_since = models.DateTimeField(null=True, db_comment="When it was started, UTC, where it tells that")
    lag = models.BigIntegerField(null=True, db_comment="Messages, jobs or reports that wait for it")
    freshness_s = models.FloatField(null=True, db_comment="Age of the newest it has worked off, s")
    facts = models.JSONField(default=dict, db_comment="More of what it told, by name")

    class Meta:
        db_table = 'ops"."status_samples'
        db_table_comment = "How each part of the platform was, a row a part a minute, kept for a day"
        ordering = ["-at", "part"]
        constraints = [
            models.UniqueConstraint(fields=["at", "part"], name="status_samples_minute"),
            models.CheckConstraint(condition=Q(state__in=PartState.values), name="status_samples_state_known"),
        ]

    def __str__(self) -> str:
        """Name part, minute and state."""
        return f"{self.part} at {self.at:%Y-%m-%d %H:%M}: {self.state}"


class AuditRun(models.Model):
    """What one audit found of the invariants."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the audit")
    started_at = models.DateTimeField(db_comment="When it began, UTC")
    seconds = models.FloatField(db_comment="How long it took, s")
    ok = models.BooleanField(db_comment="Whether no invariant was found broken")
    rows = models.JSONField(db_comment="A row an invariant: its number, name, verdict, figures, and what breaks it")

    class Meta:
        db_table = 'ops"."audit_runs'
        db_table_comment = "What the audits of the invariants found, the newest 700"
        ordering = ["-id"]

    def __str__(self) -> str:
        """Name when it was."""
        return f"audit of {self.started_at:%Y-%m-%d %H:%M:%S}"
