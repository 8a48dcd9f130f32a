"""Reconciles: passes over the whole bucket of reports, and what each came upon."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReconcileState(models.TextChoices):
    """A pass is running, from turn to turn, until it has seen the last key."""

    RUNNING = "running", "running"
    DONE = "done", "done"


class Reconcile(models.Model):
    """One pass over the bucket; at most one is running, and it goes on behind `after_key`."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the pass")
    state = models.TextField(
        choices=ReconcileState, default=ReconcileState.RUNNING, db_comment="running or done (it saw the last key)"
    )
    after_key = models.TextField(default="", blank=True, db_comment="Last key that the pass has worked off")
    pages = models.BigIntegerField(default=0, db_comment="Pages of the listing worked off")
    objects_seen = models.BigIntegerField(default=0, db_comment="Objects on these pages")
    found = models.BigIntegerField(default=0, db_comment="Reports that nobody had announced, now handed to the ingest")
    mended = models.BigIntegerField(
        default=0, db_comment="Quarantined reports with an object written since, handed to the ingest again"
    )
    changed = models.BigIntegerField(
        default=0, db_comment="Loaded reports with an object written since, now quarantined; their rows stand"
    )
    strange = models.BigIntegerField(default=0, db_comment="Objects whose key is not the key of a report's object")
    started_at = models.DateTimeField(db_comment="When the pass began, UTC")
    updated_at = models.DateTimeField(auto_now=True, db_comment="When this row last changed, UTC")
    finished_at = models.DateTimeField(null=True, blank=True, db_comment="When it had seen the last key, UTC")

    class Meta:
        db_table = 'll"."reconciles'
        db_table_comment = "Passes over the whole bucket of reports, one row each"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReconcileState.values), name="reconciles_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReconcileState.DONE, finished_at__isnull=False)
                | Q(state=ReconcileState.RUNNING, finished_at__isnull=True),
                name="reconciles_finished_iff_done",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=ReconcileState.RUNNING), name="reconciles_one_running"
            ),
        ]

    def __str__(self) -> str:
        """One line that says what the pass came upon."""
        return (
            f"{self.objects_seen:,} objects on {self.pages:,} pages: {self.found} found, {self.mended} mended, "
            f"{self.changed} changed, {self.strange} strange"
        )
