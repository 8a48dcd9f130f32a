"""The Django app of the fleet's reports and telemetry."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TelemetryConfig(AppConfig):
    """Owns the schema `ll`: manifests, mission reports, ship state and announced uploads."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "telemetry"
    verbose_name = "Reports and telemetry"

    def ready(self) -> None:
        """Tell the registry's pages what telemetry knows; give the role of SQL over the warehouse what it may read."""
        from missions import told
        from telemetry.reports.teller import TelemetryTeller
        from telemetry.sql.grants import grants_sync

        told.register(TelemetryTeller())
        # After each migration there may be further tables.
        post_migrate.connect(grants_sync, sender=self, dispatch_uid="telemetry.sql.grants")
