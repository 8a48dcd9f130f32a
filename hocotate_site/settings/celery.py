"""Jobs: broker, delivery and the schedule."""

from celery.schedules import crontab

from hocotate_site.settings.base import VALKEY_URL
from hocotate_site.settings.environment import STACK_DIR

CELERY_BROKER_URL = VALKEY_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "visibility_timeout": 3600,
}
# A web request that enqueues waits 2 s at most for a broker that is away; the schedule picks the work up.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 3,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(STACK_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "ingest announced reports": {
        "task": "telemetry.tasks.ingest_announced",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 14 * 60},
    },
    # Reports whose word of arrival was lost with the broker.
    "ingest committed reports": {
        "task": "telemetry.tasks.ingest_announced",
        "schedule": 60,
        "kwargs": {"committed_only": True},
        "options": {"expires": 50},
    },
    "sample the platform's status": {
        "task": "telemetry.tasks.status_sample",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "audit": {
        "task": "telemetry.tasks.audit_platform",
        "schedule": crontab(minute="7-59/15"),
        "options": {"expires": 14 * 60},
    },
    "heartbeat": {
        "task": "telemetry.tasks.heartbeat",
        "schedule": 10,
        "options": {"expires": 10},
    },
}
