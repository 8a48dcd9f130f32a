"""The Celery application: `celery -A hocotate_site worker`, `celery -A hocotate_site beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

from hocotate_site import job_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocotate_site.settings")

# By name, so that only processes that speak to the broker load it. Before the first connection, which looks it up.
TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "hocotate_site.broker:Transport"))
app = Celery("hocotate_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def refuse_without_settings(**_kwargs: Any) -> None:
    """Stop a worker or beat that would run on made-up settings.

    Raises:
        SystemExit: a required setting is missing. Celery swallows any lesser exception of a signal's receiver.
    """
    from hocotate_site.settings.environment import ensure_configured

    try:
        ensure_configured()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None


def tell_of_tasks(**_kwargs: Any) -> None:
    """Count the worker's tasks, for Prometheus."""
    from hocotate_site import worker_metrics

    worker_metrics.begin()


job_ids.connect()
worker_init.connect(refuse_without_settings)
worker_init.connect(tell_of_tasks)
beat_init.connect(refuse_without_settings)
