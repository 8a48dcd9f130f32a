"""Dead letters in the admin: those of the lake, one with a mark under its fault, and sending them once more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from hocotate_site.admin.base import ReadOnlyAdmin
from missions import audit_log
from ships_client.contracts import Reason
from telemetry.lake import LakeQueryError
from telemetry.letters import ledger, show
from telemetry.letters.errors import LettersError
from telemetry.letters.filters import Filters, time_read
from telemetry.letters.letter import place_read
from telemetry.letters.mend import Mend, mend_read
from telemetry.letters.read import letter_get, letters_grouped, letters_page
from telemetry.letters.replay import letters_replay, letters_try
from telemetry.letters.report import outcome_text
from telemetry.models import DeadLetterReplay, ReplayState

PAGE = 50
"""Letters of a page, and thereby of one replay: a request has to end."""


class LettersForm(forms.Form):
    """Which letters; empty asks for all."""

    reason = forms.ChoiceField(required=False, choices=[("", "any"), *((r.value, r.value) for r in Reason)])
    field = forms.CharField(required=False, max_length=100)
    mission = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    ship = forms.CharField(required=False, max_length=64, strip=False)
    since = forms.CharField(required=False, max_length=40, help_text="90m, 24h, 7d, or 2026-11-25T08:30")
    until = forms.CharField(required=False, max_length=40)

    def filters(self) -> Filters:
        """The filters that were asked for.

        Raises:
            FilterInvalid: a time can't be understood.
        """
        asked, now = self.cleaned_data, timezone.now()
        return Filters(
            reason=Reason(asked["reason"]) if asked["reason"] else None,
            field=asked["field"] or None,
            mission=asked["mission"],
            ship=asked["ship"] or None,
            since=time_read(asked["since"], now) if asked["since"] else None,
            until=time_read(asked["until"], now) if asked["until"] else None,
        )


class LetterPages:
    """The pages of the letters, in the admin of those that were sent once more."""

    def __init__(self, replays: ReadOnlyAdmin) -> None:
        self._replays = replays

    def letters(self, request: HttpRequest) -> HttpResponse:
        """Groups and the newest letters; `?before=` a place is the next page."""
        self._check(request)
        form = LettersForm(request.GET)
        context: dict[str, Any] = {"title": "Dead letters", "form": form, "may_replay": self._may_replay(request)}
        if form.is_valid():
            try:
                context |= _found(form.filters(), request.GET.get("before", ""))
            except (LettersError, LakeQueryError) as error:
                messages.warning(request, str(error))
        query = request.GET.copy()
        query.pop("before", None)
        return self._page(request, "letters", {**context, "query": query.urlencode()})

    def letter(self, request: HttpRequest, place: str) -> HttpResponse:
        """One letter, with a mark under what is wrong."""
        self._check(request)
        context: dict[str, Any] = {"title": f"Dead letter {place}", "may_replay": self._may_replay(request)}
        try:
            found = letter_get(place_read(place, settings.TOPIC_RAW))
            row = ledger.replays_of([found.place]).get(found.place)
            context |= {"letter": found, "text": show.letter_text(found, _fate(row) if row else "")}
        except (LettersError, LakeQueryError) as error:
            messages.warning(request, str(error))
        return self._page(request, "letter", context)

    def replay(self, request: HttpRequest) -> HttpResponse:
        """Say what sending the chosen letters would do; with `send` do it."""
        self._check(request)
        if not self._may_replay(request):
            raise PermissionDenied("Operators send dead letters once more; you may only look at them.")
        chosen = request.POST.getlist("place")[:PAGE]
        back = reverse("admin:telemetry_letters")
        if not chosen:
            messages.warning(request, "No letter was chosen; choose some by their boxes.")
            return redirect(back)
        sending = "send" in request.POST
        try:
            outcome = self._tried(request, chosen, _mend(request), sending=sending)
        except (LettersError, LakeQueryError) as error:
            messages.warning(request, str(error))
            return redirect(back)
        if sending:
            messages.success(request, outcome)
            return redirect(back)
        names = ("rename", "drop", "set")
        context = {
            "title": "Send dead letters once more",
            "chosen": chosen,
            "said": outcome.replace("Nothing was changed. Add --send to send them.\n", "Nothing was changed so far.\n"),
            "mends": [(name, request.POST.get(name, "")) for name in names],
        }
        return self._page(request, "replay", context)

    def _tried(self, request: HttpRequest, chosen: list[str], mend: Mend, *, sending: bool) -> str:
        filters = Filters(places=tuple(place_read(text, settings.TOPIC_RAW) for text in chosen))
        if not sending:
            audit_log.tell(request, action="try dead letters", subject=f"{len(chosen)} letters")
            return outcome_text(letters_try(filters, mend), sent=False)
        who = request.user.get_username()
        said = outcome_text(letters_replay(filters, mend, by=who, told=lambda _page: None), sent=True)
        audit_log.tell(request, action="replay dead letters", subject=", ".join(chosen), detail=said)
        for row in ledger.replays_of(filters.places).values():
            self._replays.log_change(request, row, f"Sent once more. {mend}".strip())
        return said

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self._replays.admin_site.each_context(request), "opts": self._replays.opts, **context}
        return render(request, f"admin/telemetry/{name}.html", whole)

    def _check(self, request: HttpRequest) -> None:
        if not self._replays.has_view_permission(request):
            raise PermissionDenied("Dead letters are for those who may see what was sent once more.")

    @staticmethod
    def _may_replay(request: HttpRequest) -> bool:
        return request.user.has_perm("telemetry.replay_deadletterreplay")


def _found(filters: Filters, before: str) -> dict[str, Any]:
    beyond = letter_get(place_read(before, settings.TOPIC_RAW)) if before else None
    letters = letters_page(filters, limit=PAGE, beyond=beyond)
    replays = ledger.replays_of(letter.place for letter in letters)
    return {
        "groups": letters_grouped(filters) if beyond is None else [],
        "letters": [
            (letter, show.shortened(letter.raw), _fate(replays[letter.place]) if letter.place in replays else "")
            for letter in letters
        ],
        "before": str(letters[-1].place) if len(letters) == PAGE else "",
    }


def _mend(request: HttpRequest) -> Mend:
    """The mends of a form, one a line."""
    lines = {name: request.POST.get(name, "").split("\n") for name in ("rename", "drop", "set")}
    told = {name: [line.strip() for line in texts if line.strip()] for name, texts in lines.items()}
    return mend_read(sets=told["set"], drops=told["drop"], renames=told["rename"])


def _fate(row: DeadLetterReplay) -> str:
    if row.state != ReplayState.SENT or row.sent_at is None:
        return "in doubt"
    return f"to {row.sent_partition}-{row.sent_offset}, {row.sent_at:%Y-%m-%d %H:%M:%S}"
