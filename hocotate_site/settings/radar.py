"""Who may watch the radar, how much it gives, and what it tells Prometheus."""

from environs import validate

from hocotate_site.settings.environment import env

RADAR_PUBLIC = env.bool("RADAR_PUBLIC", False)
"""Whether the radar can be watched without signing in."""

RADAR_FRAMES_PER_SECOND = env.int("RADAR_FRAMES_PER_SECOND", 20, validate=validate.Range(1, 60))
"""Most frames a second that the radar makes."""

METRICS_SHIPS = env.int("METRICS_SHIPS", 2000, validate=validate.Range(0))
"""So many ships have gauges of their own; a gauge tells how many were left out."""

RADAR_SOCKETS_EACH = env.int("RADAR_SOCKETS_EACH", 100, validate=validate.Range(1))
"""Radars that one person, or without signing in one address, may have open in a web process."""

RADAR_FRAMES_EACH = env.int("RADAR_FRAMES_EACH", 1000, validate=validate.Range(1))
"""Frames a second that one person, or without signing in one address, gets from a web process, all radars together."""
