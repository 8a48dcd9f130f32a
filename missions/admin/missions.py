"""Missions in the admin, and the ships that fly them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hocotate_site.admin.base import SECONDS, ReadOnlyAdmin
from hocotate_site.admin.filters import one_of
from hocotate_site.bounded import bounded
from missions import audit_log, services
from missions.exceptions import MissionEnded
from missions.models import Mission, Outcome
from missions.ships import ships_named, ships_page
from ships_client.contracts import CAPTAINS, TARGETS


@admin.register(Mission)
class MissionAdmin(ReadOnlyAdmin):
    """Missions, newest first; operators may end running ones as lost."""

    list_display = (
        "mission_id",
        "ship",
        "captain",
        "target",
        "status",
        "phase",
        "last_seq",
        "started_at",
        "last_message_at",
        "finished_at",
    )
    list_filter = (
        "status",
        "phase",
        one_of("target", TARGETS),
        one_of("captain", CAPTAINS),
        "started_at",
        "finished_at",
    )
    search_fields = ("ship_name", "captain", "target")
    search_numbers = ("mission_id",)
    search_help_text = "Mission number, ship, captain or planet"
    date_hierarchy = "started_at"
    ordering = ("-started_at",)
    list_select_related = False
    readonly_fields = ("page",)
    actions = ("end_as_lost",)
    change_list_template = "admin/missions/mission/list.html"

    def get_urls(self) -> list[URLPattern]:
        """Also the ships."""
        ships = path("ships/", self.admin_site.admin_view(self.ships), name="missions_ships")
        return [ships, *super().get_urls()]

    def ships(self, request: HttpRequest) -> HttpResponse:
        """Ships by name with what they flew; `?ship=` is one, `?after=` a name the next page."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Ships are for those who may see missions.")
        ship = request.GET.get("ship", "").replace("\0", "")
        after = request.GET.get("after", "").replace("\0", "")
        with bounded(SECONDS):
            found = ships_named([ship]) if ship else ships_page(limit=self.list_per_page + 1, after=after)
        page = found[: self.list_per_page]
        context = {
            **self.admin_site.each_context(request),
            "title": "Ships",
            "ship": ship,
            "ships": page,
            "next": page[-1].ship_name if len(found) > len(page) else "",
        }
        return render(request, "admin/missions/ships.html", context)

    @admin.display(description="ship", ordering="ship_name")
    def ship(self, mission: Mission) -> SafeString:
        """The ship, which leads to all of its missions."""
        return format_html('<a href="?{}">{}</a>', urlencode({"ship_name": mission.ship_name}), mission.ship_name)

    @admin.display(description="on the site")
    def page(self, mission: Mission) -> SafeString:
        """The mission's own page."""
        return format_html('<a href="{}">Mission {}</a>', reverse("mission", args=[mission.pk]), mission.pk)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By ship as well, which is no filter of its own: there may be any number of ships."""
        return lookup in ("ship_name", "registered_by") or super().lookup_allowed(lookup, value, request)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this person may end missions."""
        return request.user.has_perm("missions.end_mission")

    @admin.action(description="End as lost", permissions=["end"])
    def end_as_lost(self, request: HttpRequest, chosen: QuerySet[Mission]) -> None:
        """End the chosen missions that still run as FAILURE."""
        for mission in chosen:
            what = {"action": "end mission as lost", "subject": f"mission {mission.pk} of {mission.ship_name}"}
            try:
                services.mission_end_as_lost(mission_id=mission.mission_id)
            except MissionEnded as error:
                audit_log.tell(request, **what, outcome=Outcome.REFUSED, detail=str(error))
                self.message_user(request, str(error), messages.WARNING)
            else:
                audit_log.tell(request, **what)
                self.log_change(request, mission, "Ended as lost.")
                self.message_user(request, f"Mission {mission.mission_id} ended as lost.", messages.SUCCESS)
