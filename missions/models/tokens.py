"""Credentials of ships: tokens, and the one-time secrets with which a ship gets one. Only hashes are kept."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from missions import rules
from missions.scopes import SHIP_SCOPES, Scope


def ship_scopes() -> list[str]:
    """What a token allows where nothing else is asked for."""
    return [scope.value for scope in SHIP_SCOPES]


def _known_scopes() -> Q:
    return Q(scopes__contained_by=[scope.value for scope in Scope], scopes__len__gt=0)


class ShipToken(models.Model):
    """A credential of ships; only its hash is kept."""

    token_id = models.BigAutoField(primary_key=True, db_comment="Number of the token")
    name = models.CharField(max_length=100, db_comment="Whom the token was made for")
    sha256 = models.CharField(max_length=64, unique=True, db_comment="SHA-256 of the token, in hex")
    scopes = ArrayField(models.TextField(), default=ship_scopes, db_comment="What it allows, such as missions:write")
    ship_name = models.CharField(  # noqa: DJ001 (a fleet's token is for no ship in particular)
        "ship",
        max_length=rules.LONGEST_NAME,
        null=True,
        blank=True,
        db_comment="The only ship that may fly with it; null for a fleet's token",
    )
    created_at = models.DateTimeField(auto_now_add=True, db_comment="When it was made, UTC")
    revoked_at = models.DateTimeField(null=True, blank=True, db_comment="Since when it is refused, UTC")

    class Meta:
        db_table = 'params"."ship_tokens'
        db_table_comment = "Credentials of ships; the tokens themselves are not kept"
        ordering = ["-token_id"]
        verbose_name = "ship token"
        permissions = [("revoke_shiptoken", "Can revoke ship tokens"), ("scope_shiptoken", "Can change their scopes")]
        constraints = [models.CheckConstraint(condition=_known_scopes(), name="ship_tokens_scopes_known")]

    def __str__(self) -> str:
        return f"{self.name} ({self.token_id})"

    def allows(self, scope: Scope) -> bool:
        """Whether the token has this scope."""
        return scope.value in self.scopes


class Enrolment(models.Model):
    """An invitation of one ship: whoever has its secret gets a token, once."""

    enrolment_id = models.BigAutoField(primary_key=True, db_comment="Number of the enrolment")
    ship_name = models.CharField("ship", max_length=rules.LONGEST_NAME, db_comment="Ship that it is for")
    sha256 = models.CharField(max_length=64, unique=True, db_comment="SHA-256 of the one-time secret, in hex")
    scopes = ArrayField(models.TextField(), default=ship_scopes, db_comment="What the ship's token will allow")
    made_by = models.CharField(max_length=150, db_comment="Who made it")
    created_at = models.DateTimeField(db_default=Now(), db_comment="When it was made, UTC")
    expires_at = models.DateTimeField(db_comment="Until when it can be used, UTC")
    used_at = models.DateTimeField(null=True, blank=True, db_comment="When the ship enrolled, UTC")
    revoked_at = models.DateTimeField(null=True, blank=True, db_comment="Since when it is refused, UTC")
    token = models.OneToOneField(
        ShipToken,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolment",
        db_comment="Token that the ship got",
    )

    class Meta:
        db_table = 'params"."enrolments'
        db_table_comment = "Invitations of ships, each used once; the secrets themselves are not kept"
        ordering = ["-enrolment_id"]
        permissions = [
            ("invite_enrolment", "Can make one-time secrets for ships"),
            ("revoke_enrolment", "Can revoke one-time secrets"),
        ]
        constraints = [
            models.CheckConstraint(condition=_known_scopes(), name="enrolments_scopes_known"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, token__isnull=True) | Q(used_at__isnull=False, token__isnull=False),
                name="enrolments_token_iff_used",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ship_name} ({self.enrolment_id})"
