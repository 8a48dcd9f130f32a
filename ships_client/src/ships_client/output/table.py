"""The fleet as a live table on a terminal: what needs a person first."""

from collections import deque
from collections.abc import Sequence
from typing import Final, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ships_client.client import Event, Kind, Summary
from ships_client.client.flight import Flight
from ships_client.contracts import ShipStatus
from ships_client.output.plain import totals_sentence
from ships_client.sim import Frame
from ships_client.sim.rules import CONDITIONS, NONE, PHASES, STATUSES

_LINES_BESIDE_ROWS: Final = 10
_SENTENCES: Final = 4
_MARKS: Final = {ShipStatus.OK: ("●", "yellow"), ShipStatus.REPAIR: ("▲", "red"), ShipStatus.FAILURE: ("✕", "white")}
"""A state has a mark and a word; the colour only helps."""


class LiveTable:
    """Redraws at most twice a second; sentences about the fleet run below the table."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sentences: deque[Text] = deque(maxlen=_SENTENCES)
        self._live = Live(console=console, refresh_per_second=2, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def __call__(self, event: Event) -> None:
        """Keep an event's sentence; what needs a person stays on the screen's record."""
        line = Text(f"{event.at:%H:%M:%S} {event.text}")
        if event.kind in (Kind.TROUBLE, Kind.WAITING):
            line.stylize("bold")
            self._live.console.print(line)
        self._sentences.append(line)

    def draw(self, frame: Frame | None, aloft: Sequence[Flight], landing: int) -> None:
        """Redraw the table."""
        self._live.update(Group(self._table(frame, aloft, landing), *self._sentences), refresh=True)

    def finish(self, summary: Summary) -> None:
        """Leave the totals on the screen."""
        self._live.stop()
        self._console.print(totals_sentence(summary), highlight=False)

    def _table(self, frame: Frame | None, aloft: Sequence[Flight], landing: int) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
        for heading in ("", "Ship", "Captain", "Target", "Phase"):
            table.add_column(heading, no_wrap=True)
        for heading in ("Tick", "Health", "Fuel", "Distance", "Acked", "Reports"):
            table.add_column(heading, justify="right", no_wrap=True)
        if frame is None:
            table.caption = "Waiting for the first launch."
            return table
        room = max(3, self._console.size.height - _LINES_BESIDE_ROWS)
        worst_first = sorted(aloft, key=lambda flight: (frame.component[flight.berth] == NONE, flight.berth))
        for flight in worst_first[:room]:
            table.add_row(*_cells(frame, flight))
        more = f" · {len(aloft) - room:,} more" if len(aloft) > room else ""
        table.caption = f"{len(aloft):,} in flight{more} · {landing:,} landing · Ctrl-C stops"
        return table


def _cells(frame: Frame, flight: Flight) -> list[Text | str]:
    berth = flight.berth
    mark, colour = _MARKS[STATUSES[frame.status[berth]]]
    return [
        Text(mark, style=colour),
        Text(flight.plan.ship),
        Text(flight.plan.captain),
        Text(flight.plan.target),
        PHASES[frame.phase[berth]].value,
        f"{frame.seq[berth]:,}",
        f"{CONDITIONS[frame.condition[berth]].value} {frame.total[berth]:.2f}",
        f"{frame.fuel[berth]:.2f} %",
        f"{frame.distance[berth] / 1e6:,.1f} M km",
        f"{flight.delivery.acknowledged:,}",
        f"{flight.reports}",
    ]
