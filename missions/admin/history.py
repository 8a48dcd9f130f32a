"""Who did what: the audit log, and the admin's own history."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest

from hocotate_site.admin.base import ReadOnlyAdmin
from missions.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Every write through API, admin and commands, newest first; for administrators."""

    list_display = ("at", "channel", "who", "action", "subject", "outcome", "status", "address", "detail")
    list_display_links = ("at",)
    list_filter = ("channel", "outcome", "at")
    search_fields = ("who", "action", "subject")
    search_numbers = ("id", "token_id", "user_id")
    search_help_text = "Number of token or user, name, action, or what it was about"
    date_hierarchy = "at"
    ordering = ("-at",)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What people changed in the admin, newest first."""

    list_display = ("action_time", "user", "content_type", "object_repr", "message")
    list_display_links = ("action_time",)
    list_filter = ("action_flag", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("user__username", "object_repr", "=object_id")
    search_help_text = "Who, or what was changed"
    date_hierarchy = "action_time"

    @admin.display(description="what was done")
    def message(self, entry: LogEntry) -> str:
        """As a sentence."""
        return entry.get_change_message() or str(entry)

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return request.user.has_perm("admin.view_logentry")
