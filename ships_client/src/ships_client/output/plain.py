"""Events as sentences, one a line with its time, for logs and pipes."""

from typing import TextIO

from ships_client.client import Event, Kind, Summary


class PlainLines:
    """Writes to `out`, and what needs a person to `err`; flushed line by line."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err

    def __call__(self, event: Event) -> None:
        """Write an event."""
        out = self._err if event.kind in (Kind.TROUBLE, Kind.WAITING) else self._out
        out.write(f"{event.at:%H:%M:%S} {event.text}\n")
        out.flush()

    def finish(self, summary: Summary) -> None:
        """Write the totals."""
        self._out.write(totals_sentence(summary) + "\n")
        self._out.flush()


def totals_sentence(summary: Summary) -> str:
    """What the fleet did, in a sentence."""
    t = summary.totals
    return (
        f"{t.missions:,} missions flown, {t.success:,} home, {t.failure:,} lost; {t.sent:,} messages sent, "
        f"{t.acknowledged:,} acknowledged, {t.failed:,} refused; {t.reports:,} reports with {t.items:,} items. "
        f"Seed {summary.seed}."
    )
