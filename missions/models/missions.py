"""The registry of missions, in schema params."""

from django.db import models
from django.db.models import Q

from missions import rules
from missions.models.tokens import ShipToken
from ships_client.contracts import MissionStatus, Phase


class Mission(models.Model):
    """A flight of one ship to one planet and back, and how it stands."""

    mission_id = models.BigAutoField(primary_key=True, db_comment="Number of the mission")
    ship_name = models.CharField("ship", max_length=rules.LONGEST_NAME, db_comment="Name of the ship")
    captain = models.CharField(max_length=rules.LONGEST_NAME, db_comment="Name of the captain")
    target = models.CharField(max_length=rules.LONGEST_NAME, db_comment="Planet to fly to")
    report_freq_min = models.PositiveIntegerField(
        "report interval, min", db_comment="Minutes between two captain's reports"
    )
    status = models.CharField(
        max_length=7,
        choices=[(status.value, status.value.capitalize()) for status in MissionStatus],
        default=MissionStatus.RUNNING.value,
        db_comment="RUNNING, then once and for all SUCCESS or FAILURE",
    )
    phase = models.CharField(  # noqa: DJ001 (a ship that never told its phase has none)
        max_length=9,
        null=True,
        blank=True,
        choices=[(phase.value, phase.value.capitalize().replace("_", " ")) for phase in Phase],
        db_comment="Furthest phase that the ship told; null when it tells none",
    )
    last_seq = models.BigIntegerField(null=True, blank=True, db_comment="Highest seq of its telemetry so far")
    last_message_at = models.DateTimeField(
        null=True, blank=True, db_comment="Time of its newest telemetry message, UTC"
    )
    final_seq = models.BigIntegerField(null=True, blank=True, db_comment="seq of its last message, as told at the end")
    started_at = models.DateTimeField(auto_now_add=True, db_comment="When it was registered, UTC")
    finished_at = models.DateTimeField(null=True, blank=True, db_comment="When it ended, UTC")
    updated_at = models.DateTimeField(auto_now=True, db_comment="When this row last changed, UTC")
    registered_by = models.ForeignKey(
        ShipToken, on_delete=models.PROTECT, related_name="missions", db_comment="Token that registered it"
    )
    idempotency_key = models.CharField(  # noqa: DJ001 (unique only where there is one)
        max_length=rules.LONGEST_KEY,
        null=True,
        blank=True,
        editable=False,
        db_comment="Key that makes registering again safe; unique within a token",
    )

    class Meta:
        db_table = 'params"."missions'
        db_table_comment = "Every mission ever registered, a row each"
        ordering = ["-mission_id"]
        permissions = [("end_mission", "Can end running missions as lost")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in MissionStatus]), name="missions_status_known"
            ),
            models.CheckConstraint(
                condition=Q(phase__isnull=True) | Q(phase__in=[p.value for p in Phase]),
                name="missions_phase_known",
            ),
            models.CheckConstraint(condition=Q(report_freq_min__gt=0), name="missions_report_freq_min_positive"),
            models.CheckConstraint(
                condition=Q(status=MissionStatus.RUNNING.value, finished_at__isnull=True)
                | (~Q(status=MissionStatus.RUNNING.value) & Q(finished_at__isnull=False)),
                name="missions_finished_iff_ended",
            ),
            models.UniqueConstraint(fields=["registered_by", "idempotency_key"], name="missions_idempotency_key"),
        ]
        indexes = [
            models.Index(fields=["status", "-mission_id"], name="missions_status_newest"),
            models.Index(fields=["finished_at"], name="missions_finished_at"),
            # For the list, each order with its key; the migration adds one of how ships' names begin, for searches.
            # None holds a column that telemetry moves, so that recording progress writes to no index.
            models.Index(fields=["started_at", "mission_id"], name="missions_started"),
            models.Index(fields=["ship_name", "mission_id"], name="missions_ship"),
            models.Index(fields=["captain", "mission_id"], name="missions_captain"),
            models.Index(fields=["target", "mission_id"], name="missions_target"),
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.ship_name} to {self.target}"

    @property
    def is_running(self) -> bool:
        """Whether the mission has no outcome yet."""
        return self.status == MissionStatus.RUNNING
