"""The Django app of the fleet's reports and telemetry."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    """Owns the schema `ll`: manifests, mission reports, ship state and announced uploads."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "telemetry"
    verbose_name = "Reports and telemetry"

    def ready(self) -> None:
        """Tell the registry's pages what telemetry knows of missions."""
        from missions import told
        from telemetry.reports.teller import TelemetryTeller

        told.register(TelemetryTeller())
