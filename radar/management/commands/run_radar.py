"""manage.py run_radar: follow telemetry.raw and broadcast the fleet to all browsers."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hocotate_site.exposition import serve_metrics
from hocotate_site.kafka import Stop
from radar.process import LockLost, StreamFailed, run


class Command(BaseCommand):
    """Runs until SIGTERM."""

    # They would load every page of the site into a process that serves none.
    requires_system_checks = ()
    help = "Follows telemetry.raw and broadcasts the fleet to all browsers. Of several radars one broadcasts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve metrics and run the radar."""
        serve_metrics(settings.RADAR_METRICS_PORT)
        try:
            asyncio.run(run(Stop().on_signals()))
        except (LockLost, StreamFailed) as error:
            raise CommandError(str(error)) from error
