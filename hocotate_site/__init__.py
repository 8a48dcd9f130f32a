"""Headquarters' web site: settings, entry points and the one wrapper for each outside service."""

from hocotate_site.celery import app as celery_app

__all__ = ["celery_app"]
