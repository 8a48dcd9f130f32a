"""Who may do what at headquarters: three groups, and the first administrator."""

from typing import Any, Final

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.migrations.state import StateApps
from django.db.models import Q

_VIEWED = Q(content_type__app_label__in=["missions", "telemetry"], codename__startswith="view_") & ~Q(
    codename="view_auditentry"
)

GROUPS: Final[dict[str, Q]] = {
    "viewer": _VIEWED,
    "operator": _VIEWED
    | Q(content_type__app_label="missions", codename="end_mission")
    | Q(content_type__app_label="admin", codename="view_logentry")
    | Q(content_type__app_label="telemetry") & ~Q(codename__regex="^(add|change|delete)_"),
    "administrator": Q(),
}
"""Each group's permissions: reading; also ending missions, what telemetry lets operators do, and the admin's history;
all, and with it the audit log, tokens and people."""


@transaction.atomic
def groups_sync(*, apps: StateApps | None = None, **_signal: Any) -> None:
    """Make the three groups and set their permissions, whatever they were before.

    After each `migrate`, which hands over the `apps` of its state; while it has no groups there is nothing to do.
    """
    if apps is not None and "group" not in apps.all_models["auth"]:
        return
    for name, chosen in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(chosen).order_by().values_list("pk", flat=True))


@transaction.atomic
def administrator_ensure(*, name: str, password: str) -> bool:
    """Make the first administrator; false when the name is taken, whose password then stays as it is."""
    if User.objects.filter(username=name).exists():
        return False
    user = User.objects.create_superuser(name, password=password)
    user.groups.add(Group.objects.get(name="administrator"))
    return True
