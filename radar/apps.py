"""Django application of the radar."""

from django.apps import AppConfig


class RadarConfig(AppConfig):
    """The live map, its stream process and the page frame that all pages share."""

    name = "radar"
    verbose_name = "Radar"
