"""`manage.py create_ship_token NAME`: a credential for ships, shown once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from missions import audit_log, services
from missions.exceptions import MissionError
from missions.scopes import MEANING, SHIP_SCOPES, Scope


class Command(BaseCommand):
    """Makes a token with which ships register missions, and prints it; it cannot be shown again."""

    help = "Make a token with which ships register missions, and print it; it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name."""
        parser.add_argument("name", help="whom the token is for, for example a fleet or a person")
        parser.add_argument(
            "--scope",
            action="append",
            choices=list(Scope),
            help="what it allows, may be given several times: "
            + "; ".join(f"{scope}, {meaning}" for scope, meaning in MEANING.items())
            + f" (default {' and '.join(SHIP_SCOPES)})",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make and print it.

        Raises:
            CommandError: the name is empty or too long.
        """
        try:
            token, secret = services.token_create(name=options["name"], scopes=options["scope"] or SHIP_SCOPES)
        except MissionError as error:
            raise CommandError(str(error)) from None
        audit_log.record_command(
            action="create_ship_token", subject=f"token {token}", detail=f"It allows {', '.join(token.scopes)}."
        )
        self.stdout.write(secret)
        self.stderr.write("Give it to the ship as HOCOTATE_TOKEN. It is not kept and cannot be shown again.")
