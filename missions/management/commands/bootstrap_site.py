"""`manage.py bootstrap_site`: what the site needs in its database before anyone signs in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from missions import people, services
from missions.scopes import Scope


class Command(BaseCommand):
    """Makes groups, the administrator, and the tokens of demo fleet and Alertmanager; what is there already stays."""

    help = (
        "Make the groups viewer, operator and administrator, the administrator of ADMIN_USER and "
        "ADMIN_PASSWORD, and the tokens of HOCOTATE_TOKEN and ALERTS_TOKEN. Run it as often as you like."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make what is missing and say so."""
        people.groups_sync()
        self.stdout.write(f"Groups: {', '.join(people.GROUPS)}.")
        if settings.ADMIN_USER and settings.ADMIN_PASSWORD:
            made = people.administrator_ensure(name=settings.ADMIN_USER, password=settings.ADMIN_PASSWORD)
            self.stdout.write(f"Administrator {settings.ADMIN_USER}: {'made' if made else 'is there'}.")
        if settings.FLEET_TOKEN:
            token = services.token_add(name="demo fleet", secret=settings.FLEET_TOKEN)
            self.stdout.write(f"Ship token: {token}.")
        if settings.ALERTS_TOKEN:
            services.token_add(name="Alertmanager", secret=settings.ALERTS_TOKEN, scopes=[Scope.ALERTS_WRITE])
            self.stdout.write("Token of Alertmanager: is there.")
