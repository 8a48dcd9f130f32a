"""Dead letters that were sent once more, in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from hocotate_site.admin.base import ReadOnlyAdmin
from hocotate_site.admin.filters import one_of
from ships_client.contracts import Reason
from telemetry.models import DeadLetterReplay


@admin.register(DeadLetterReplay)
class DeadLetterReplayAdmin(ReadOnlyAdmin):
    """Dead letters that were sent once more, newest first; and the letters themselves, which the lake keeps."""

    list_display = ("id", "__str__", "reason", "field", "mend", "state", "sent_partition", "sent_offset", "sent_at")
    list_filter = ("state", one_of("reason", Reason))
    search_fields = ("field", "replayed_by")
    search_numbers = ("offset",)
    search_help_text = "Offset of the letter, its field, or who sent it"
    date_hierarchy = "reserved_at"
    change_list_template = "admin/telemetry/replays.html"

    def get_urls(self) -> list[URLPattern]:
        """Also the letters."""
        view = self.admin_site.admin_view
        return [
            path("letters/", view(self.letters), name="telemetry_letters"),
            path("letters/replay/", view(require_POST(self.replay)), name="telemetry_letters_replay"),
            path("letters/<str:place>/", view(self.letter), name="telemetry_letter"),
            *super().get_urls(),
        ]

    # Imported where a page is asked for: each process of the site loads its admin, and the lake's engine has 30 MB.
    def letters(self, request: HttpRequest) -> HttpResponse:
        """Groups and the newest letters."""
        from telemetry.admin.letters import LetterPages

        return LetterPages(self).letters(request)

    def letter(self, request: HttpRequest, place: str) -> HttpResponse:
        """One letter."""
        from telemetry.admin.letters import LetterPages

        return LetterPages(self).letter(request, place)

    def replay(self, request: HttpRequest) -> HttpResponse:
        """Send the chosen letters once more."""
        from telemetry.admin.letters import LetterPages

        return LetterPages(self).replay(request)
