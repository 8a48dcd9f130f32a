"""The commands `hocotate-ship` and `hocotate-fleet`."""

from ships_client.cli.fleet import fleet
from ships_client.cli.ship import ship

__all__ = ["fleet", "ship"]
