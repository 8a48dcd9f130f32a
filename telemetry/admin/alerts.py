"""Alerts in the admin."""

from __future__ import annotations

from django.contrib import admin

from hocotate_site.admin.base import ReadOnlyAdmin
from hocotate_site.admin.filters import one_of
from telemetry.models import Alert


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """What Alertmanager told of, newest first."""

    list_display = ("id", "name", "severity", "part", "summary", "starts_at", "ends_at", "told_at")
    list_filter = (
        one_of("severity", ("critical", "warning", "info", "none")),
        ("ends_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "summary")
    search_numbers = ("id",)
    search_help_text = "Number, name, or a part of the sentence"
    date_hierarchy = "starts_at"
