"""Who may sign in, as Django has it; when somebody signed in last is nobody's to change."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """Django's page of a user; the times on it are for reading."""

    readonly_fields = ("last_login", "date_joined")
