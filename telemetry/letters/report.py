"""What became of a replay, or what would, in sentences for the operator. Pure."""

from __future__ import annotations

from typing import Final

from .replay import Outcome
from .show import printable

MOST: Final = 20
"""Kinds of refusals and letters in doubt that are told one by one."""


def outcome_text(outcome: Outcome, *, sent: bool) -> str:
    """The counts, then why letters were left out."""
    if not outcome.meant:
        return "No dead letter matches.\n"
    verb = "were sent" if sent else "would be sent"
    lines = [
        f"{outcome.meant:,} letters match: {outcome.passing:,} {verb}, {outcome.refused.total():,} would be refused"
        f" again, {outcome.before:,} were sent before, {len(outcome.doubtful):,} are in doubt,"
        f" {len(outcome.failed):,} were not taken by Kafka."
    ]
    for kind, count in outcome.refused.most_common(MOST):
        example = outcome.examples[kind]
        where = f" at {example.field}" if example.field else ""
        detail = printable(example.detail).rstrip(".")
        lines.append(f"  {count:,} {example.reason}{where}: {detail}. Such as {example.letter.place.short}.")
    if (more := len(outcome.refused) - MOST) > 0:
        lines.append(f"  And {more:,} other reasons.")
    troubled = [*outcome.failed.items(), *outcome.doubtful.items()]
    lines += [f"  {place.short}: {said}." for place, said in troubled[:MOST]]
    if (more := len(troubled) - MOST) > 0:
        lines.append(f"  And {more:,} more.")
    if not sent and outcome.passing:
        lines.append("Nothing was changed. Add --send to send them.")
    return "\n".join(lines) + "\n"
