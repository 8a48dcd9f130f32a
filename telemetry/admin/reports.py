"""Reports in the admin: the announced, the quarantine, the ledger, items and ship states."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hocotate_site.admin.base import ReadOnlyAdmin
from hocotate_site.admin.filters import one_of
from missions import audit_log
from missions.models import Outcome
from ships_client.contracts import CATALOGUE
from telemetry import services
from telemetry.exceptions import NotQuarantined
from telemetry.ingest.errors import Check
from telemetry.ingest.treasures import TREASURES
from telemetry.models import Manifest, MissionReport, ReportUpload, ShipState, TreasureReport

STATES_PER_PAGE = 100


@admin.register(ReportUpload)
class ReportUploadAdmin(ReadOnlyAdmin):
    """Announced reports, newest first, with the reason of those in quarantine."""

    list_display = ("id", "mission_id", "date", "report_no", "state", "failed_check", "reason", "updated_at")
    list_filter = ("state", one_of("failed_check", Check), "date")
    search_fields = ("manifest_key",)
    search_numbers = ("id", "mission_id")
    search_help_text = "Number of the upload or mission, or a part of the manifest's key"
    date_hierarchy = "announced_at"
    ordering = ("-announced_at",)
    actions = ("retry",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whether this person may try quarantined reports again."""
        return request.user.has_perm("telemetry.retry_reportupload")

    @admin.action(description="Try quarantined reports again", permissions=["retry"])
    def retry(self, request: HttpRequest, chosen: QuerySet[ReportUpload]) -> None:
        """Hand the chosen reports to the ingest again."""
        for upload in chosen:
            what = {"action": "retry report", "subject": str(upload)}
            try:
                services.report_retry(upload_id=upload.pk)
            except NotQuarantined as error:
                audit_log.tell(request, **what, outcome=Outcome.REFUSED, detail=str(error))
                self.message_user(request, str(error), messages.WARNING)
            else:
                audit_log.tell(request, **what)
                self.log_change(request, upload, "Tried again.")
                self.message_user(request, f"The report ({upload}) is tried again.", messages.SUCCESS)


@admin.register(Manifest)
class ManifestAdmin(ReadOnlyAdmin):
    """The ledger: loaded reports, newest first; each leads to the ticks and the items that it brought."""

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
    search_fields = ("manifest_path", "=checksum_manifest")
    search_numbers = ("id", "mission_id")
    search_help_text = "Number of the manifest or mission, a part of its key, or its sha256"
    date_hierarchy = "loaded_at"
    ordering = ("-loaded_at",)

    def get_urls(self) -> list[URLPattern]:
        """Also the ship states of a report."""
        states = path(
            "<int:manifest_id>/states/", self.admin_site.admin_view(self.states), name="telemetry_manifest_states"
        )
        return [states, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """All columns, the ticks, and the items."""
        return (*(field.name for field in Manifest._meta.fields), "ticks", "brought")

    @admin.display(description="ship states")
    def ticks(self, manifest: Manifest) -> str:
        """First and last tick of the report."""
        states = _states(manifest).aggregate(
            first=Min("seq"), last=Max("seq"), since=Min("timestamp"), until=Max("timestamp"), fuel=Min("fuel_prc")
        )
        if states["first"] is None:
            return "none"
        told = (
            f"seq {states['first']} to {states['last']}, {states['since']:%Y-%m-%d %H:%M:%S} to "
            f"{states['until']:%Y-%m-%d %H:%M:%S} UTC, least fuel {states['fuel']:.1f} %"
        )
        return format_html('<a href="{}">{}</a>', reverse("admin:telemetry_manifest_states", args=[manifest.pk]), told)

    @admin.display(description="items")
    def brought(self, manifest: Manifest) -> SafeString:
        """The way to the report's items."""
        page = reverse("admin:telemetry_missionreport_changelist")
        return format_html('<a href="{}?manifest_id={}">{} items</a>', page, manifest.pk, manifest.rows_mission)

    def states(self, request: HttpRequest, manifest_id: int) -> HttpResponse:
        """Ship states that a report brought, tick by tick; `?after=` a tick is the next page.

        Raises:
            Http404: there is no such report, or the person may not see it.
        """
        manifest = Manifest.objects.filter(pk=manifest_id).first()
        if manifest is None or not self.has_view_permission(request, manifest):
            raise Http404(f"There is no report {manifest_id} in the ledger.")
        after = request.GET.get("after", "")
        rows = _states(manifest).order_by("timestamp")
        if after.isascii() and after.isdecimal() and len(after) < 19:
            rows = rows.filter(seq__gt=int(after))
        found = list(rows[: STATES_PER_PAGE + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": f"Ship states of report {manifest_id}",
            "manifest": manifest,
            "rows": found[:STATES_PER_PAGE],
            "next": found[STATES_PER_PAGE - 1].seq if len(found) > STATES_PER_PAGE else None,
        }
        return render(request, "admin/telemetry/states.html", context)


@admin.register(MissionReport)
class MissionReportAdmin(ReadOnlyAdmin):
    """Items of the captains' reports, those of the newest report first."""

    list_display = ("id", "mission_id", "item", "value", "timestamp", "source_file")
    list_filter = (one_of("item", sorted(item.name for item in CATALOGUE)),)
    list_select_related = False
    raw_id_fields = ("manifest",)
    search_fields = ("item", "source_file")
    search_numbers = ("mission_id",)
    search_help_text = "Number of the mission, or a part of the item's name or the file's key"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By report as well, from the ledger."""
        return lookup == "manifest_id" or super().lookup_allowed(lookup, value, request)


@admin.register(TreasureReport)
class TreasureReportAdmin(ReadOnlyAdmin):
    """Treasures among the items, those of the newest report first."""

    list_display = ("id", "mission_id", "item", "value", "timestamp", "loaded_at")
    list_filter = (one_of("item", TREASURES),)
    list_select_related = False
    raw_id_fields = ("manifest",)
    search_fields = ("item",)
    search_numbers = ("mission_id",)
    search_help_text = "Number of the mission, or a part of the treasure's name"


def _states(manifest: Manifest) -> QuerySet[ShipState]:
    return ShipState.objects.filter(mission_id=manifest.mission_id, source_file=manifest.ship_state_file)
