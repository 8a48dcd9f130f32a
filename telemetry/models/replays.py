"""Dead letters that were sent once more: the ledger that keeps a letter from being sent twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReplayState(models.TextChoices):
    """Where a replay stands: reserved before it is sent, sent once Kafka has acknowledged it."""

    RESERVED = "reserved", "reserved"
    SENT = "sent", "sent"


class DeadLetterReplay(models.Model):
    """One letter, by its place in Kafka. A row that stays reserved is in doubt: its run broke off."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the replay")
    topic = models.TextField(db_comment="Topic of the refused message")
    partition = models.IntegerField(db_comment="Its partition")
    offset = models.BigIntegerField(db_comment="Its offset")
    reason = models.TextField(db_comment="Why it had been refused")
    field = models.TextField(blank=True, default="", db_comment="The field that was wrong, where one was")
    mend = models.TextField(blank=True, default="", db_comment="What was changed; empty when it was sent as it was")
    sha256 = models.CharField(max_length=64, db_comment="sha256 of the message that was sent, hex")
    numbered = models.BooleanField(
        db_comment="Whether the message has a seq: it then counts once however often it comes"
    )
    state = models.TextField(
        choices=ReplayState,
        default=ReplayState.RESERVED,
        db_comment="reserved (about to be sent, or in doubt) or sent (Kafka has acknowledged it)",
    )
    sent_partition = models.IntegerField(null=True, blank=True, db_comment="Partition it was sent to")
    sent_offset = models.BigIntegerField(null=True, blank=True, db_comment="Offset it got there")
    reserved_at = models.DateTimeField(db_comment="When it was about to be sent, last, UTC")
    sent_at = models.DateTimeField(null=True, blank=True, db_comment="When it was known to be in Kafka, UTC")
    replayed_by = models.TextField(db_comment="Who ran the command")

    class Meta:
        db_table = 'll"."dead_letter_replays'
        db_table_comment = "Dead letters that were sent once more, a row each"
        ordering = ["-id"]
        verbose_name = "dead letter replay"
        permissions = [("replay_deadletterreplay", "Can send dead letters once more")]
        constraints = [
            models.UniqueConstraint(fields=["topic", "partition", "offset"], name="dead_letter_replays_place"),
            models.CheckConstraint(condition=Q(state__in=ReplayState.values), name="dead_letter_replays_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReplayState.SENT, sent_offset__isnull=False, sent_at__isnull=False)
                | Q(state=ReplayState.RESERVED, sent_offset__isnull=True, sent_at__isnull=True),
                name="dead_letter_replays_offset_iff_sent",
            ),
        ]
        indexes = [
            # Few are in doubt at a time, however many were sent.
            models.Index(
                fields=["reserved_at"], condition=Q(state=ReplayState.RESERVED), name="dead_letter_replays_doubt"
            ),
        ]

    def __str__(self) -> str:
        """Name the letter by its place."""
        return f"{self.topic}-{self.partition}-{self.offset}"
