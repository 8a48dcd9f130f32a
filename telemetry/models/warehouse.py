"""Loaded reports: the ledger of manifests, the items, and the ship's state at every tick."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ships_client.contracts import ShipStatus


class ManifestStatus(models.TextChoices):
    """A manifest stands in the ledger only once its whole report is in."""

    LOADED = "LOADED", "loaded"


class Manifest(models.Model):
    """Ledger row of one loaded report; written in the transaction that writes its rows."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the manifest")
    mission_id = models.BigIntegerField(db_comment="Mission in params.missions")
    mission_date = models.DateField(db_comment="Date of the report, UTC")
    report_no = models.PositiveSmallIntegerField(db_comment="Number of the report on its date, 1..9999")
    manifest_path = models.TextField(db_comment="Key of the manifest in the bucket of missions")
    # A report may bring only one of its two files: null says that there was no such file.
    mission_file = models.TextField(null=True, db_comment="Key of the file of items")  # noqa: DJ001
    ship_state_file = models.TextField(null=True, db_comment="Key of the file of ship states")  # noqa: DJ001
    checksum_mission = models.CharField(  # noqa: DJ001
        max_length=64, null=True, db_comment="sha256 of the file of items, hex"
    )
    checksum_ship_state = models.CharField(  # noqa: DJ001
        max_length=64, null=True, db_comment="sha256 of the file of ship states, hex"
    )
    checksum_manifest = models.CharField(max_length=64, db_comment="sha256 of the manifest, hex")
    # Null in rows of releases that did not keep it, and of files that the report did not bring.
    etag = models.TextField(null=True, db_comment="ETag of the manifest when it was loaded")  # noqa: DJ001
    etag_mission = models.TextField(  # noqa: DJ001
        null=True, db_comment="ETag of the file of items when it was loaded"
    )
    etag_ship_state = models.TextField(  # noqa: DJ001
        null=True, db_comment="ETag of the file of ship states when it was loaded"
    )
    rows_mission = models.BigIntegerField(db_comment="Rows in the file of items")
    rows_ship_state = models.BigIntegerField(db_comment="Rows in the file of ship states")
    # With the mission these find the report's own rows by the key of ll.ship_state, without an index more.
    first_tick_at = models.DateTimeField(null=True, blank=True, db_comment="Time of its first ship state, UTC")
    last_tick_at = models.DateTimeField(null=True, blank=True, db_comment="Time of its last ship state, UTC")
    upload_time = models.DateTimeField(db_comment="When the ship wrote the manifest, by its own clock, UTC")
    status = models.TextField(
        choices=ManifestStatus, default=ManifestStatus.LOADED, db_comment="LOADED: every row of it is in"
    )
    loaded_at = models.DateTimeField(db_default=Now(), db_comment="When headquarters loaded it, UTC")

    class Meta:
        db_table = 'll"."manifests'
        db_table_comment = "Ledger of loaded reports, one row a manifest"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report_no__gte=1, report_no__lte=9999), name="manifests_report_no_1_to_9999"
            ),
            models.CheckConstraint(
                condition=Q(rows_mission__gte=0, rows_ship_state__gte=0), name="manifests_rows_not_negative"
            ),
            models.CheckConstraint(condition=Q(status__in=ManifestStatus.values), name="manifests_status_known"),
            models.UniqueConstraint(fields=["mission_id", "mission_date", "report_no"], name="manifests_report"),
            # What ll.mission_reports refers to: an item is of its manifest's mission.
            models.UniqueConstraint(fields=["id", "mission_id"], name="manifests_id_mission"),
            models.UniqueConstraint(fields=["manifest_path", "etag"], name="manifests_key_etag"),
        ]
        indexes = [models.Index(fields=["loaded_at"], name="manifests_loaded_at")]

    def __str__(self) -> str:
        """Name the manifest by its key."""
        return self.manifest_path


class MissionReport(models.Model):
    """One item of a report's cargo."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the row")
    # The migration's own key to ll.manifests, over manifest and mission, says more than one to the manifest.
    manifest = models.ForeignKey(
        Manifest,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="items",
        db_comment="Manifest in ll.manifests that brought the row",
    )
    row_no = models.IntegerField(db_comment="Position in the file, from 0")
    mission_id = models.BigIntegerField(db_comment="Mission in params.missions")
    item = models.TextField(db_comment="Name in the catalogue")
    value = models.BigIntegerField(db_comment="Value in Poko")
    timestamp = models.DateTimeField(db_comment="When the item came aboard, UTC")
    file_checksum = models.CharField(max_length=64, db_comment="sha256 of the file the row came from, hex")
    source_file = models.TextField(db_comment="Key of the file the row came from")
    loaded_at = models.DateTimeField(db_default=Now(), db_comment="When headquarters loaded it, UTC")

    class Meta:
        db_table = 'll"."mission_reports'
        db_table_comment = "Items of the captains' reports"
        ordering = ["-id"]
        verbose_name = "report item"
        constraints = [
            models.UniqueConstraint(fields=["manifest", "row_no"], name="mission_reports_row"),
            models.CheckConstraint(condition=Q(value__gte=0), name="mission_reports_value_not_negative"),
        ]
        indexes = [models.Index(fields=["mission_id", "timestamp"], name="mission_reports_mission")]

    def __str__(self) -> str:
        """Name the item and its value."""
        return f"{self.item}, {self.value} Poko"


def share(name: str) -> Q:
    """Condition that a health score lies in 0..1."""
    return Q(**{f"{name}__gte": 0, f"{name}__lte": 1})


class ShipState(models.Model):
    """State of a ship at one tick, as its captain reported it; a mission has one a timestamp."""

    # The admin takes no composite keys: a manifest's page shows what it brought instead. A key of its own
    # would cost a second index on the platform's largest table. Partitions by month are the migration's.
    pk = models.CompositePrimaryKey("mission_id", "timestamp")
    mission_id = models.BigIntegerField(db_comment="Mission in params.missions")
    timestamp = models.DateTimeField(db_comment="Time of the tick, UTC")
    seq = models.BigIntegerField(db_comment="Number of the tick within the mission, from 0")
    status = models.TextField(db_comment="OK, REPAIR or FAILURE")
    ship_condition = models.TextField(db_comment="GOOD, MID, BAD, CRITICAL, REPAIRING or UNOPERATIONAL")
    normalized_health_total = models.FloatField(db_comment="Health of the ship, 0..1")
    motor_health = models.FloatField(db_comment="Health of the motor, 0..1")
    engine_health = models.FloatField(db_comment="Health of the engine, 0..1")
    core_health = models.FloatField(db_comment="Health of the power core, 0..1")
    fuel_health = models.FloatField(db_comment="Fuel as a health, 0..1")
    fuel_prc = models.FloatField(db_comment="Fuel, percent of a full tank")
    temperature_c = models.FloatField(db_comment="Temperature, degrees Celsius")
    radiation_usv = models.FloatField(db_comment="Radiation, microsievert")
    cargo_integrity_prc = models.FloatField(db_comment="Cargo unharmed, percent")
    coord_x = models.FloatField(db_comment="Position, km from Hocotate along x")
    coord_y = models.FloatField(db_comment="Position, km from Hocotate along y")
    coord_z = models.FloatField(db_comment="Position, km from Hocotate along z")
    planet = models.TextField(null=True, db_comment="Planet the ship is on; null in space")  # noqa: DJ001
    file_checksum = models.CharField(max_length=64, db_comment="sha256 of the file the row came from, hex")
    source_file = models.TextField(db_comment="Key of the file the row came from")
    loaded_at = models.DateTimeField(db_default=Now(), db_comment="When headquarters loaded it, UTC")

    class Meta:
        db_table = 'll"."ship_state'
        db_table_comment = "State of each ship at each tick, from the captains' reports"
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=0), name="ship_state_seq_not_negative"),
            models.CheckConstraint(
                condition=share("normalized_health_total")
                & share("motor_health")
                & share("engine_health")
                & share("core_health")
                & share("fuel_health"),
                name="ship_state_health_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(fuel_prc__gte=0, fuel_prc__lte=100)
                & Q(cargo_integrity_prc__gte=0, cargo_integrity_prc__lte=100),
                name="ship_state_percent_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in ShipStatus]), name="ship_state_status_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the tick."""
        return f"mission {self.mission_id}, tick {self.seq}"
