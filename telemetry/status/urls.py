"""Addresses of the page and of its inner part."""

from django.urls import path
from prometheus_client import REGISTRY

from . import views
from .exported import StatusCollector

# Here, because only a process that serves pages shall tell Prometheus of all parts.
REGISTRY.register(StatusCollector())

urlpatterns = [
    path("status/", views.status_page, name="status"),
    path("status/now/", views.status_now, name="status_now"),
]
