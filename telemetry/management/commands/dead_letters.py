"""manage.py dead_letters: list, group and show messages that broke the contract, and send them once more."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ships_client.contracts import Reason
from telemetry.lake import LakeQueryError
from telemetry.letters import ledger, show
from telemetry.letters.errors import LettersError
from telemetry.letters.filters import Filters, time_read
from telemetry.letters.letter import Place, place_read
from telemetry.letters.mend import Mend, mend_read
from telemetry.letters.read import LIMITS, letter_get, letters_grouped, letters_page
from telemetry.letters.replay import letters_replay, letters_try
from telemetry.letters.report import outcome_text
from telemetry.models import DeadLetterReplay, ReplayState

PAGE = 20
MISSION_LIMIT = 2**63


class Command(BaseCommand):
    """Parses, asks and prints; what is done stands in telemetry.letters."""

    help = "Messages that broke the contract: list them, group them by reason, show one, and replay them after a mend."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of four things to do, each with filters."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|groups|show|replay")
        listed = actions.add_parser("list", help="the newest letters, a line each")
        _filters(listed)
        listed.add_argument("--limit", type=int, default=PAGE, help=f"letters on a page (default {PAGE})")
        listed.add_argument("--before", metavar="PLACE", help="those before this one: the next page")
        grouped = actions.add_parser("groups", help="how many letters have which reason and field")
        _filters(grouped)
        shown = actions.add_parser("show", help="one letter, with a mark under what is wrong")
        shown.add_argument("place", metavar="PARTITION-OFFSET")
        replayed = actions.add_parser(
            "replay",
            help="send letters to the topic once more, mended if asked; without --send only say what would happen",
        )
        replayed.add_argument("places", nargs="*", metavar="PARTITION-OFFSET", help="only these letters")
        _filters(replayed)
        replayed.add_argument("--all", action="store_true", help="all letters, when no filter is given")
        mends = replayed.add_argument_group("mends, done in this order")
        mends.add_argument("--rename", action="append", default=[], metavar="OLD=NEW", help="give a field another name")
        mends.add_argument("--drop", action="append", default=[], metavar="FIELD", help="leave a field out")
        mends.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="give a field this value")
        mends.add_argument("--from-file", type=Path, metavar="FILE", help="the whole message of one letter")
        replayed.add_argument("--send", action="store_true", help="send them; without it nothing is changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; an error is one sentence on stderr and exit status 1."""
        try:
            getattr(self, f"_{options['action']}")(options)
        except (LettersError, LakeQueryError) as error:
            raise CommandError(str(error)) from None

    def _list(self, options: dict[str, Any]) -> None:
        limit = options["limit"]
        if not 1 <= limit <= LIMITS.rows:
            raise CommandError(f"--limit is {limit}; give 1 to {LIMITS.rows:,}.")
        beyond = letter_get(_place(options["before"])) if options["before"] else None
        letters = letters_page(_chosen(options), limit=limit, beyond=beyond)
        if not letters:
            self.stdout.write("No dead letter matches." if beyond is None else "No older one matches.")
            return
        replays = ledger.replays_of(letter.place for letter in letters)
        fates = {str(place): _fate(row) for place, row in replays.items()}
        self.stdout.write(show.letters_table(letters, fates), ending="")
        if len(letters) == limit:
            self.stdout.write(f"Older ones: --before {letters[-1].place.short}")

    def _groups(self, options: dict[str, Any]) -> None:
        groups = letters_grouped(_chosen(options))
        if not groups:
            self.stdout.write("No dead letter matches.")
            return
        self.stdout.write(show.groups_table(groups, ledger.replays_counted()), ending="")
        self.stdout.write(f"{sum(group.count for group in groups):,} letters.")

    def _show(self, options: dict[str, Any]) -> None:
        letter = letter_get(_place(options["place"]))
        row = ledger.replays_of([letter.place]).get(letter.place)
        self.stdout.write(show.letter_text(letter, _fate(row) if row else ""), ending="")

    def _replay(self, options: dict[str, Any]) -> None:
        filters, mend = _chosen(options), _mend(options)
        if filters == Filters() and not options["all"]:
            raise CommandError("Say which letters are meant: by their places, by filters, or --all.")
        if mend.whole is not None and len(filters.places) != 1:
            raise CommandError("--from-file is the message of one letter; name its PARTITION-OFFSET.")
        if not options["send"]:
            self.stdout.write(outcome_text(letters_try(filters, mend), sent=False), ending="")
            return
        outcome = letters_replay(filters, mend, by=_operator(), told=self.stderr.write)
        self.stdout.write(outcome_text(outcome, sent=True), ending="")
        if outcome.failed or outcome.doubtful:
            raise CommandError(f"{len(outcome.failed) + len(outcome.doubtful):,} letters were not sent for certain.")


def _filters(parser: ArgumentParser) -> None:
    chosen = parser.add_argument_group("which letters")
    chosen.add_argument("--reason", choices=[reason.value for reason in Reason], metavar="REASON")
    chosen.add_argument("--field", help="the field at fault, such as fuel_prc or health_scores.motor")
    chosen.add_argument("--contract", help="what the producer named in the header, such as telemetry/2")
    chosen.add_argument("--mission", type=int, metavar="ID", help="of this mission, where the message tells it")
    chosen.add_argument("--ship", metavar="NAME", help="of this ship, where the message tells it")
    chosen.add_argument("--since", metavar="TIME", help="taken by the broker since: 90m, 24h, 7d, or 2026-11-25T08:30")
    chosen.add_argument("--until", metavar="TIME", help="taken by the broker before")


def _chosen(options: dict[str, Any]) -> Filters:
    now, mission = timezone.now(), options["mission"]
    if mission is not None and not 0 <= mission < MISSION_LIMIT:
        raise CommandError(f"--mission is {mission}; there is no such mission number.")
    return Filters(
        places=tuple(_place(text) for text in options.get("places", ())),
        reason=Reason(options["reason"]) if options["reason"] else None,
        field=options["field"],
        contract=options["contract"],
        mission=mission,
        ship=options["ship"],
        since=time_read(options["since"], now) if options["since"] else None,
        until=time_read(options["until"], now) if options["until"] else None,
    )


def _mend(options: dict[str, Any]) -> Mend:
    whole, file = None, options["from_file"]
    if file is not None:
        try:
            whole = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
    return mend_read(sets=options["set"], drops=options["drop"], renames=options["rename"], whole=whole)


def _place(text: str) -> Place:
    return place_read(text, settings.TOPIC_RAW)


def _fate(row: DeadLetterReplay) -> str:
    if row.state != ReplayState.SENT or row.sent_at is None:
        return "in doubt"
    return f"to {row.sent_partition}-{row.sent_offset}, {row.sent_at:%Y-%m-%d %H:%M:%S}"


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
