"""manage.py run_tracker: keep the missions' phase, seq and time up to date with telemetry."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hocotate_site import kafka
from hocotate_site.disk import watch_disk
from hocotate_site.exposition import serve_metrics
from hocotate_site.settings.environment import STACK_DIR
from telemetry import tracker


class Command(BaseCommand):
    """Runs until SIGTERM."""

    # They would load every page of the site into a process that serves none.
    requires_system_checks = ()
    help = "Follows telemetry.raw: missions' progress to the registry, invalid messages to telemetry.dlq."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve metrics and track."""
        stop = kafka.Stop().on_signals()
        watch_disk(STACK_DIR)
        serve_metrics(settings.TRACKER_METRICS_PORT)
        tracker.run(kafka.consumer(tracker.GROUP, [settings.TOPIC_RAW]), kafka.producer(), stop)
