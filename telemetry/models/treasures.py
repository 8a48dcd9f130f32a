"""The treasures among the items of the captains' reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .warehouse import Manifest


class TreasureReport(models.Model):
    """An item of ll.mission_reports that the catalogue calls a treasure; written with it, by the same load."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the row")
    # The migration's own key to ll.mission_reports, over manifest and row, says more than one to the manifest.
    manifest = models.ForeignKey(
        Manifest,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="treasures",
        db_comment="Manifest in ll.manifests that brought the row",
    )
    row_no = models.IntegerField(db_comment="Position in the file, from 0; with the manifest the item's own")
    mission_id = models.BigIntegerField(db_comment="Mission in params.missions")
    item = models.TextField(db_comment="Name in the catalogue")
    value = models.BigIntegerField(db_comment="Value in Poko")
    timestamp = models.DateTimeField(db_comment="When the item came aboard, UTC")
    loaded_at = models.DateTimeField(db_default=Now(), db_comment="When headquarters loaded it, UTC")

    class Meta:
        db_table = 'll"."treasure_reports'
        db_table_comment = "Treasures among the items of the captains' reports"
        ordering = ["-id"]
        verbose_name = "treasure"
        constraints = [
            models.UniqueConstraint(fields=["manifest", "row_no"], name="treasure_reports_row"),
            models.CheckConstraint(condition=Q(value__gte=0), name="treasure_reports_value_not_negative"),
        ]
        indexes = [models.Index(fields=["mission_id", "timestamp"], name="treasure_reports_mission")]

    def __str__(self) -> str:
        """Name the treasure and its value."""
        return f"{self.item}, {self.value} Poko"
