"""What of a mission needs a person: one banner, of the gravest. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from missions.rows import Row
from missions.templatetags.waybill import span
from missions.told import WaybillFacts
from ships_client.contracts import MissionStatus


@dataclass(frozen=True, slots=True)
class Banner:
    """A fact and its remedy; `tone` is bad or warn; `more` counts the others that need a person too."""

    tone: str
    fact: str
    remedy: str
    url: str = ""
    action: str = ""
    more: int = 0


def banner(row: Row, facts: WaybillFacts | None) -> Banner | None:
    """The banner of a mission; None when all is well."""
    found = [*_quarantined(facts), *_signal(row), *_ended(row)]
    if not found:
        return None
    others = len(found) - 1 + (facts.refused_in_all - 1 if facts and facts.refused else 0)
    first = found[0]
    return Banner(first.tone, first.fact, first.remedy, first.url, first.action, others)


def _quarantined(facts: WaybillFacts | None) -> list[Banner]:
    if not facts or not facts.refused:
        return []
    report = facts.refused[0]
    return [
        Banner(
            "warn",
            f"Report {report.report_no:04} is quarantined:",
            f"{report.reason} Ask the ship to send it again, or mend the file and retry it in the admin.",
            report.url,
            "Open report",
        )
    ]


def _signal(row: Row) -> list[Banner]:
    if row.link != "lost" or row.age is None:
        return []
    return [
        Banner(
            "warn",
            f"No message for {span(row.age)}.",
            "The ship keeps what it can't send and sends it later; if it will not come back, end the mission as lost"
            " in the admin.",
        )
    ]


def _ended(row: Row) -> list[Banner]:
    mission, messages = row.mission, row.messages
    found = []
    if mission.status == MissionStatus.FAILURE:
        found.append(Banner("bad", f"The ship was lost at {mission.finished_at:%H:%M:%S} UTC.", "Its record stays."))
    if messages is not None and messages.total is not None and messages.short and not mission.is_running:
        lacking = messages.total - messages.kept
        found.append(
            Banner(
                "warn",
                f"{lacking:,} of {messages.total:,} messages have not come.",
                "They may still be with the ship; the bar below shows where they are missing.",
            )
        )
    return found
