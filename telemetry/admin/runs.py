"""Runs over the warehouse in the admin: passes over the bucket, and builds of the marts."""

from __future__ import annotations

from django.contrib import admin

from hocotate_site.admin.base import ReadOnlyAdmin
from telemetry.models import MartBuild, Reconcile


@admin.register(Reconcile)
class ReconcileAdmin(ReadOnlyAdmin):
    """Passes over the bucket of reports, newest first, with what each came upon."""

    list_display = ("id", "state", "found", "mended", "changed", "strange", "objects_seen", "started_at", "finished_at")
    list_filter = ("state",)


@admin.register(MartBuild)
class MartBuildAdmin(ReadOnlyAdmin):
    """Builds of the marts, newest first, with the reason of those that failed."""

    list_display = ("id", "state", "full", "reason", "missions", "ledger_id", "seconds", "started_at", "finished_at")
    list_filter = ("state", "full")
