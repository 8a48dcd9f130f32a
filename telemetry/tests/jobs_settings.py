"""Settings of workers and beats under test: the site's, with times short enough to wait for."""

# ruff: noqa: F403, F405  (Django wants all settings as names of one module)

from hocotate_site.settings import *
from hocotate_site.settings.environment import env

CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
    "visibility_timeout": env.int("VISIBILITY_S", 3600),
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 1
_QUICK = ("ingest announced reports", "ingest overlooked reports", "heartbeat")
CELERY_BEAT_SCHEDULE = {name: CELERY_BEAT_SCHEDULE[name] | {"schedule": 1.0} for name in _QUICK}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
