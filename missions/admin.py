"""The registry in the admin: for looking things up; what changes goes through the services."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from missions import services
from missions.exceptions import MissionEnded
from missions.models import Mission, ShipToken


class RegistryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin takes no argument at run time
    """Rows that people read, and that only services write."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Mission)
class MissionAdmin(RegistryAdmin):
    """Missions, newest first; operators may end running ones as lost."""

    list_display = (
        "mission_id",
        "ship_name",
        "captain",
        "target",
        "status",
        "phase",
        "last_seq",
        "started_at",
        "last_message_at",
        "finished_at",
    )
    list_filter = ("status", "phase", "target", "started_at", "captain")
    search_fields = ("=mission_id", "ship_name", "captain", "target")
    search_help_text = "Mission number, ship, captain or planet"
    date_hierarchy = "started_at"
    actions = ("end_as_lost",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this person may end missions."""
        return request.user.has_perm("missions.end_mission")

    @admin.action(description="End as lost", permissions=["end"])
    def end_as_lost(self, request: HttpRequest, chosen: "QuerySet[Mission]") -> None:
        """End the chosen missions that still run as FAILURE."""
        for mission in chosen:
            try:
                services.mission_end_as_lost(mission_id=mission.mission_id)
            except MissionEnded as error:
                self.message_user(request, str(error), messages.WARNING)
            else:
                self.log_change(request, mission, "Ended as lost.")
                self.message_user(request, f"Mission {mission.mission_id} ended as lost.", messages.SUCCESS)


@admin.register(ShipToken)
class ShipTokenAdmin(RegistryAdmin):
    """Ship tokens without their secrets; made by `manage.py create_ship_token`, revoked here."""

    list_display = ("token_id", "name", "created_at", "revoked_at")
    search_fields = ("name",)
    exclude = ("sha256",)
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether this person may revoke tokens."""
        return request.user.has_perm("missions.revoke_shiptoken")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: "QuerySet[ShipToken]") -> None:
        """Refuse the chosen tokens from now on."""
        for token in chosen:
            services.token_revoke(token=token)
            self.log_change(request, token, "Revoked.")
            self.message_user(request, f"Ship token {token} is revoked.", messages.SUCCESS)
