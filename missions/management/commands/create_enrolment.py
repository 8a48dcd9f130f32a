"""`manage.py create_enrolment NAME`: a one-time secret with which a ship gets a token of its own."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from missions import audit_log, services
from missions.exceptions import MissionError
from missions.scopes import MEANING, SHIP_SCOPES, Scope

MOST_HOURS = 24 * 30


class Command(BaseCommand):
    """Makes a one-time secret for a ship and prints it; it cannot be shown again."""

    help = "Make a one-time secret with which the ship NAME gets a token of its own, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the ship, what its token shall allow, and how long the secret can be used."""
        parser.add_argument("name", help="the ship's name, as its missions will have it")
        parser.add_argument(
            "--scope",
            action="append",
            choices=list(Scope),
            help="what its token allows, may be given several times: "
            + "; ".join(f"{scope}, {meaning}" for scope, meaning in MEANING.items())
            + f" (default {' and '.join(SHIP_SCOPES)})",
        )
        parser.add_argument("--hours", type=int, default=24, help=f"1 to {MOST_HOURS}, default 24")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make and print it.

        Raises:
            CommandError: no ship can have this name, or the hours are out of range.
        """
        hours = options["hours"]
        if not 1 <= hours <= MOST_HOURS:
            raise CommandError(f"--hours is {hours}; give 1 to {MOST_HOURS}.")
        try:
            enrolment, secret = services.enrolment_create(
                ship_name=options["name"],
                made_by=audit_log.operator(),
                scopes=options["scope"] or SHIP_SCOPES,
                life=timedelta(hours=hours),
            )
        except MissionError as error:
            raise CommandError(str(error)) from None
        audit_log.record_command(action="create_enrolment", subject=f"ship {enrolment.ship_name}")
        self.stdout.write(secret)
        self.stderr.write(
            f"Give it to {enrolment.ship_name}, which sends it to POST /api/v1/ships/enrol before "
            f"{enrolment.expires_at:%Y-%m-%d %H:%M} UTC, once. It is not kept and cannot be shown again."
        )
