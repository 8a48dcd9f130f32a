"""Jobs: broker, delivery and the schedule."""

from celery.schedules import crontab

from hocotate_site.settings.base import VALKEY_URL
from hocotate_site.settings.environment import STACK_DIR

CELERY_BROKER_URL = VALKEY_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Limits rise: a task's own (tasks.py) lie below the period of its schedule, and all below the time after which the
# broker hands a task that nobody has acknowledged to another worker.
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
# What a worker that is told to stop may still finish; the rest goes back to the queue at once, not only when its
# visibility timeout is over. A supervisor has to wait longer than this before it kills.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
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
    "ingest overlooked reports": {
        "task": "telemetry.tasks.ingest_overlooked",
        "schedule": crontab(),
        "options": {"expires": 50},
    },
    "prune the audit log": {
        "task": "missions.tasks.audit_log_prune",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
    # Also without new reports: missions end, and the periods move on.
    "build the marts": {
        "task": "telemetry.mart_tasks.build_marts",
        "schedule": crontab(minute="2,17,32,47"),
        "options": {"expires": 14 * 60},
    },
    "prune the alerts": {
        "task": "telemetry.tasks.alerts_prune",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600},
    },
    "keep the months of ship states": {
        "task": "telemetry.tasks.partitions_keep",
        "schedule": crontab(hour="2", minute="50"),
        "options": {"expires": 6 * 3600},
    },
    "reconcile the bucket of reports": {
        "task": "telemetry.tasks.ingest_reconcile",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 6 * 3600},
    },
    "sample the platform's status": {
        "task": "telemetry.tasks.status_sample",
        "schedule": crontab(),
        "options": {"expires": 50},
    },
    "audit": {
        "task": "telemetry.tasks.audit_platform",
        "schedule": crontab(minute="7-59/15"),
        "options": {"expires": 14 * 60},
    },
    # Seconds, since crontab knows no less than a minute.
    "heartbeat": {
        "task": "telemetry.tasks.heartbeat",
        "schedule": 10,
        "options": {"expires": 10},
    },
}
