"""How many missions began on each day, in schema params."""

from django.db import models


class MissionDay(models.Model):
    """Missions by the day on which they began; kept by triggers of params.missions, so that counting reads a row a day.

    Those neither success nor failure run.
    """

    day = models.DateField(primary_key=True, db_comment="Day of the start, UTC")
    registered = models.BigIntegerField(db_comment="Missions registered on it")
    success = models.BigIntegerField(db_comment="Of these, ended with SUCCESS")
    failure = models.BigIntegerField(db_comment="Of these, ended with FAILURE")

    class Meta:
        db_table = 'params"."mission_days'
        db_table_comment = "How many missions began on each day, and how they stand; kept by triggers"
        ordering = ["day"]
        verbose_name = "day of missions"
        verbose_name_plural = "days of missions"

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def running(self) -> int:
        """Missions of that day without an outcome."""
        return self.registered - self.success - self.failure
