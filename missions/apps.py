"""The Django app of the mission registry."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class MissionsConfig(AppConfig):
    """Owns the schema `params`: missions and the tokens that ships register them with."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "missions"
    verbose_name = "Missions"

    def ready(self) -> None:
        """Groups follow the permissions of both apps, which are there once that of telemetry, the later one, are."""
        from missions.people import groups_sync

        post_migrate.connect(groups_sync, sender=apps.get_app_config("telemetry"), dispatch_uid="groups")
