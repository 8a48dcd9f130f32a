"""Reports in the admin: for looking things up; a quarantined one may be tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest

from . import services
from .exceptions import NotQuarantined
from .models import DeadLetterReplay, Manifest, MissionReport, Reconcile, ReportUpload, ShipState


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin takes no argument at run time
    """Rows that people read, and that only the ingest writes."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReportUpload)
class ReportUploadAdmin(ReadOnlyAdmin):
    """Announced reports, newest first, with the reason of those in quarantine."""

    list_display = ("id", "mission_id", "date", "report_no", "state", "failed_check", "reason", "updated_at")
    list_filter = ("state", "failed_check", "date")
    search_fields = ("=id", "=mission_id", "manifest_key")
    search_help_text = "Number of the upload or mission, or a part of the manifest's key"
    date_hierarchy = "announced_at"
    actions = ("retry",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whether this person may try quarantined reports again."""
        return request.user.has_perm("telemetry.retry_reportupload")

    @admin.action(description="Try quarantined reports again", permissions=["retry"])
    def retry(self, request: HttpRequest, chosen: QuerySet[ReportUpload]) -> None:
        """Hand the chosen reports to the ingest again."""
        for upload in chosen:
            try:
                services.report_retry(upload_id=upload.pk)
            except NotQuarantined as error:
                self.message_user(request, str(error), messages.WARNING)
            else:
                self.log_change(request, upload, "Tried again.")
                self.message_user(request, f"The report ({upload}) is tried again.", messages.SUCCESS)


@admin.register(Manifest)
class ManifestAdmin(ReadOnlyAdmin):
    """Loaded reports, newest first; a page shows which ticks the report brought."""

    list_display = (
        "id",
        "mission_id",
        "mission_date",
        "report_no",
        "rows_mission",
        "rows_ship_state",
        "upload_time",
        "loaded_at",
    )
    list_filter = ("status", "mission_date")
    search_fields = ("=id", "=mission_id", "manifest_path", "=checksum_manifest")
    search_help_text = "Number of the manifest or mission, a part of its key, or its sha256"
    date_hierarchy = "mission_date"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """All columns, and the ticks."""
        return (*(field.name for field in Manifest._meta.fields), "ticks")

    @admin.display(description="ship states")
    def ticks(self, manifest: Manifest) -> str:
        """First and last tick of the report."""
        states = ShipState.objects.filter(
            mission_id=manifest.mission_id, source_file=manifest.ship_state_file
        ).aggregate(
            first=Min("seq"), last=Max("seq"), since=Min("timestamp"), until=Max("timestamp"), fuel=Min("fuel_prc")
        )
        if states["first"] is None:
            return "none"
        return (
            f"seq {states['first']} to {states['last']}, {states['since']:%Y-%m-%d %H:%M:%S} to "
            f"{states['until']:%Y-%m-%d %H:%M:%S} UTC, least fuel {states['fuel']:.1f} %"
        )


@admin.register(MissionReport)
class MissionReportAdmin(ReadOnlyAdmin):
    """Items of the captains' reports, newest first."""

    list_display = ("id", "mission_id", "item", "value", "timestamp", "source_file")
    list_filter = ("item",)
    search_fields = ("=mission_id", "item", "source_file")
    search_help_text = "Number of the mission, or a part of the item's name or the file's key"


@admin.register(DeadLetterReplay)
class DeadLetterReplayAdmin(ReadOnlyAdmin):
    """Dead letters that `manage.py dead_letters replay` sent once more, newest first."""

    list_display = ("id", "__str__", "reason", "field", "mend", "state", "sent_partition", "sent_offset", "sent_at")
    list_filter = ("state", "reason")
    search_fields = ("=offset", "field", "replayed_by")
    search_help_text = "Offset of the letter, its field, or who sent it"
    date_hierarchy = "reserved_at"


@admin.register(Reconcile)
class ReconcileAdmin(ReadOnlyAdmin):
    """Passes over the bucket of reports, newest first, with what each came upon."""

    list_display = ("id", "state", "found", "mended", "changed", "strange", "objects_seen", "started_at", "finished_at")
    list_filter = ("state",)
    date_hierarchy = "started_at"
