"""Builds of the marts: what each came to, and how far into the ledger it read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class BuildState(models.TextChoices):
    """Where a build stands: running, then once and for all built (and published) or failed."""

    RUNNING = "running", "running"
    BUILT = "built", "built"
    FAILED = "failed", "failed"


class MartBuild(models.Model):
    """One build. `built` is written in the transaction that publishes the marts, so it always tells what stands."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the build")
    state = models.TextField(
        choices=BuildState,
        default=BuildState.RUNNING,
        db_comment="running, built (its marts are those that stand) or failed (the marts before it stand)",
    )
    full = models.BooleanField(default=False, db_comment="Whether everything was computed anew")
    reason = models.TextField(blank=True, default="", db_comment="Sentence that says why it failed")
    started_at = models.DateTimeField(db_comment="When it began, UTC; the marts' periods end there")
    finished_at = models.DateTimeField(null=True, blank=True, db_comment="When it ended, UTC")
    ledger_id = models.BigIntegerField(
        default=0, db_comment="Highest number in ll.manifests that the build holds; 0 for none"
    )
    missions = models.BigIntegerField(default=0, db_comment="Ended missions in it")
    project = models.CharField(
        max_length=64, blank=True, default="", db_default="", db_comment="sha256 of the dbt project that built it, hex"
    )
    seconds = models.FloatField(null=True, blank=True, db_comment="How long it took, s")

    class Meta:
        db_table = 'll"."mart_builds'
        db_table_comment = "Builds of the marts in bl and sl, a row each"
        ordering = ["-id"]
        verbose_name = "mart build"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BuildState.values), name="mart_builds_state_known"),
            models.CheckConstraint(
                condition=(Q(state=BuildState.RUNNING) & Q(finished_at__isnull=True))
                | (~Q(state=BuildState.RUNNING) & Q(finished_at__isnull=False)),
                name="mart_builds_finished_iff_ended",
            ),
            models.CheckConstraint(
                condition=(Q(state=BuildState.FAILED) & ~Q(reason="")) | (~Q(state=BuildState.FAILED) & Q(reason="")),
                name="mart_builds_reason_iff_failed",
            ),
        ]
        indexes = [
            # What stands is asked for by every page, whatever failed since.
            models.Index(fields=["-id"], condition=Q(state=BuildState.BUILT), name="mart_builds_built"),
        ]

    def __str__(self) -> str:
        """Name the build and how it stands."""
        return f"build {self.id}, {self.state}"
