"""Ship tokens and one-time secrets in the admin, without the secrets themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from hocotate_site.admin.base import ReadOnlyAdmin
from missions import audit_log, rules, services
from missions.exceptions import MissionError
from missions.models import Enrolment, ShipToken
from missions.scopes import MEANING, SHIP_SCOPES, Scope


class InvitationForm(forms.Form):
    """A ship that is to enrol."""

    ship_name = forms.CharField(label="Ship", max_length=rules.LONGEST_NAME, strip=False)
    scopes = forms.MultipleChoiceField(
        label="Its token allows",
        choices=[(scope.value, f"{scope.value}: {meaning}") for scope, meaning in MEANING.items()],
        initial=[scope.value for scope in SHIP_SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(ShipToken)
class ShipTokenAdmin(ReadOnlyAdmin):
    """Ship tokens; made by `manage.py create_ship_token` or by a ship that enrols, changed and revoked here."""

    list_display = ("token_id", "name", "ship_name", "allows", "created_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), ("ship_name", admin.EmptyFieldListFilter))
    search_fields = ("name", "ship_name")
    search_numbers = ("token_id",)
    search_help_text = "Number, name or ship"
    date_hierarchy = "created_at"
    exclude = ("sha256",)
    actions = ("revoke", "allow_lake", "refuse_lake")

    @admin.display(description="allows")
    def allows(self, token: ShipToken) -> str:
        """Its scopes."""
        return ", ".join(token.scopes)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether this person may revoke tokens."""
        return request.user.has_perm("missions.revoke_shiptoken")

    def has_scope_permission(self, request: HttpRequest) -> bool:
        """Whether this person may change what tokens allow."""
        return request.user.has_perm("missions.scope_shiptoken")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ShipToken]) -> None:
        """Refuse the chosen tokens from now on."""
        for token in chosen:
            services.token_revoke(token=token)
            self._done(request, token, "revoke token", "Revoked.", f"Ship token {token} is revoked.")

    @admin.action(description="Allow questions to the lake", permissions=["scope"])
    def allow_lake(self, request: HttpRequest, chosen: QuerySet[ShipToken]) -> None:
        """Add lake:read."""
        for token in chosen:
            services.token_scopes_set(token=token, scopes=[*token.scopes, Scope.LAKE_READ])
            self._done(request, token, "allow lake:read", "Allowed lake:read.", f"{token} may ask the lake.")

    @admin.action(description="Allow no questions to the lake", permissions=["scope"])
    def refuse_lake(self, request: HttpRequest, chosen: QuerySet[ShipToken]) -> None:
        """Take lake:read away."""
        for token in chosen:
            try:
                services.token_scopes_set(token=token, scopes=set(token.scopes) - {Scope.LAKE_READ})
            except MissionError:
                said = f"{token} allows nothing else; revoke it instead."
                self.message_user(request, said, messages.WARNING)
            else:
                self._done(request, token, "take lake:read", "Took lake:read away.", f"{token} may not ask the lake.")

    def _done(self, request: HttpRequest, token: ShipToken, action: str, logged: str, said: str) -> None:
        audit_log.tell(request, action=action, subject=f"token {token}")
        self.log_change(request, token, logged)
        self.message_user(request, said, messages.SUCCESS)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    """Invitations of ships, and how each ended; made here or by `manage.py create_enrolment`."""

    list_display = ("enrolment_id", "ship_name", "made_by", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = (("used_at", admin.EmptyFieldListFilter),)
    search_fields = ("ship_name", "made_by")
    search_numbers = ("enrolment_id",)
    search_help_text = "Number, ship, or who made it"
    date_hierarchy = "created_at"
    exclude = ("sha256",)
    actions = ("revoke",)
    change_list_template = "admin/missions/enrolment/list.html"

    def get_urls(self) -> list[URLPattern]:
        """Also the form that invites a ship."""
        invite = path("invite/", self.admin_site.admin_view(self.invite), name="missions_enrolment_invite")
        return [invite, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a way to the form for those who may use it."""
        return super().changelist_view(request, {"may_invite": self._may_invite(request), **(extra_context or {})})

    def invite(self, request: HttpRequest) -> HttpResponse:
        """Ask for a ship, and show its one-time secret once."""
        if not self._may_invite(request):
            messages.warning(request, "Only administrators invite ships.")
            return redirect(reverse("admin:missions_enrolment_changelist"))
        form = InvitationForm(request.POST or None)
        context = {**self.admin_site.each_context(request), "title": "Invite a ship", "opts": self.opts, "form": form}
        if request.method == "POST" and form.is_valid():
            try:
                enrolment, secret = services.enrolment_create(
                    ship_name=form.cleaned_data["ship_name"],
                    scopes=form.cleaned_data["scopes"],
                    made_by=request.user.get_username(),
                )
            except MissionError as error:
                form.add_error("ship_name", str(error))
            else:
                audit_log.tell(request, action="invite ship", subject=f"ship {enrolment.ship_name}")
                self.log_addition(request, enrolment, "Invited.")
                context |= {"enrolment": enrolment, "secret": secret}
        response = render(request, "admin/missions/enrolment/invite.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether this person may revoke invitations."""
        return request.user.has_perm("missions.revoke_enrolment")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Enrolment]) -> None:
        """Refuse the chosen secrets from now on."""
        for enrolment in chosen:
            services.enrolment_revoke(enrolment=enrolment)
            audit_log.tell(request, action="revoke enrolment", subject=f"ship {enrolment.ship_name}")
            self.log_change(request, enrolment, "Revoked.")
            self.message_user(request, f"The invitation of {enrolment} is revoked.", messages.SUCCESS)

    @staticmethod
    def _may_invite(request: HttpRequest) -> bool:
        return request.user.has_perm("missions.invite_enrolment")
