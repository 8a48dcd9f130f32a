"""The Django app of the mission registry."""

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    """Owns the schema `params`: missions and the tokens that ships register them with."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "missions"
    verbose_name = "Missions"
