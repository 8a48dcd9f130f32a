"""The audit log: every write at headquarters, who asked for it and what came of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Channel(models.TextChoices):
    """The way by which a write came."""

    API = "api", "API"
    ADMIN = "admin", "admin"
    COMMAND = "command", "command"


class Outcome(models.TextChoices):
    """What came of it: done; refused, for the asker's fault; failed, for headquarters' own."""

    DONE = "done", "done"
    REFUSED = "refused", "refused"
    FAILED = "failed", "failed"


class AuditEntry(models.Model):
    """One write. It names token and user by number and by name, so that it stays true when they are gone."""

    id = models.BigAutoField(primary_key=True, db_comment="Number of the entry")
    at = models.DateTimeField(db_default=Now(), db_comment="When it was answered, UTC")
    channel = models.CharField(max_length=7, choices=Channel, db_comment="api, admin or command")
    who = models.CharField(max_length=150, db_comment="Name of the token or the user; what else is known of the asker")
    token_id = models.BigIntegerField(null=True, blank=True, db_comment="Token in params.ship_tokens")
    user_id = models.BigIntegerField(null=True, blank=True, db_comment="User in auth_user")
    address = models.GenericIPAddressField(null=True, blank=True, db_comment="Address that it came from")
    action = models.CharField(max_length=100, db_comment="What was asked for: method and route, or the command")
    subject = models.CharField(max_length=200, blank=True, db_comment="What it was about, such as mission 12")
    outcome = models.CharField(max_length=7, choices=Outcome, db_comment="done, refused or failed")
    status = models.PositiveSmallIntegerField(null=True, blank=True, db_comment="HTTP status of the answer")
    detail = models.CharField(max_length=500, blank=True, db_comment="Why it was refused, or what was done")

    class Meta:
        db_table = 'params"."audit_log'
        db_table_comment = "Every write through API, admin and commands, a row each; kept for AUDIT_LOG_DAYS"
        ordering = ["-id"]
        verbose_name = "audit log entry"
        verbose_name_plural = "audit log"
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="audit_log_channel_known"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="audit_log_outcome_known"),
        ]
        indexes = [models.Index(fields=["at"], name="audit_log_at")]

    def __str__(self) -> str:
        return f"{self.who}: {self.action} {self.subject}".rstrip()
