"""The fleet as a live table on a terminal: how all do, and of the ships those first that need a person."""

from collections import deque
from typing import Final

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ships_client.client import Event, Fleet, Kind, Status, Summary
from ships_client.client.flight import ActiveFlight
from ships_client.contracts import ShipStatus
from ships_client.output.sentences import summary_sentence
from ships_client.sim import Frame, observe
from ships_client.sim.forecast import Forecast, forecast
from ships_client.sim.rules import CONDITIONS, NONE, PHASES, STATUSES

_LINES_BESIDE_ROWS: Final = 16
_SENTENCES: Final = 4
_MARKS: Final = {ShipStatus.OK: ("●", "yellow"), ShipStatus.REPAIR: ("▲", "red"), ShipStatus.FAILURE: ("✕", "white")}
"""A state has a mark and a word; the colour only helps."""


class LiveTable:
    """Redraws when it is told how the fleet does; sentences about the fleet run below the table."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sentences: deque[Text] = deque(maxlen=_SENTENCES)
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __call__(self, event: Event) -> None:
        """Keep an event's sentence; what needs a person stays on the screen's record."""
        line = Text(f"{event.at:%H:%M:%S} {event.text}")
        if event.kind in (Kind.TROUBLE, Kind.WAITING):
            line.stylize("bold")
            self._console.print(line)
        self._sentences.append(line)

    def draw(self, fleet: Fleet) -> None:
        """Redraw the fleet and its ships."""
        self._update(_figures(fleet.status()), self._ships(fleet))

    def show(self, status: Status) -> None:
        """Redraw several fleets together."""
        self._update(_figures(status))

    def finish(self, summary: Summary) -> None:
        """Leave the totals on the screen."""
        self.close()
        self._console.print(summary_sentence(summary), highlight=False)

    def close(self) -> None:
        """Give the terminal back."""
        self._live.stop()

    def _update(self, *parts: RenderableType) -> None:
        if not self._live.is_started:
            self._live.start()
        self._live.update(Group(*parts, *self._sentences), refresh=True)

    def _ships(self, fleet: Fleet) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold", caption_justify="left")
        for heading in ("", "Ship", "Captain", "Target", "Phase"):
            table.add_column(heading, no_wrap=True)
        for heading in ("Tick", "Health", "Fuel", "Then", "Distance", "Home in", "Reports"):
            table.add_column(heading, justify="right", no_wrap=True)
        room = max(3, self._console.size.height - _LINES_BESIDE_ROWS)
        state, flights = fleet.hangar.look()
        shown = np.argsort(state.component == NONE, kind="stable")[:room]
        frame, ahead = observe(state.take(shown)), forecast(state.take(shown))
        for row, place in enumerate(shown.tolist()):
            table.add_row(*_cells(frame, ahead, row, flights[place]))
        more = f"{len(flights) - room:,} more · " if len(flights) > room else ""
        table.caption = f"{more}Ctrl-C interrupts, --resume goes on"
        return table


def _figures(status: Status) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    cells = {
        **{phase.value: status.phases.get(phase.value, 0) for phase in PHASES[:3]},
        "landing": status.landing,
        "home": status.home,
        "lost": status.lost,
        "sent": status.sent,
        "acknowledged": status.acknowledged,
        "behind": status.behind,
        "reports": status.reports,
    }
    for heading in cells:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("recorder", justify="right", no_wrap=True)
    table.add_row(*(f"{count:,}" for count in cells.values()), f"{status.recorder_bytes / 1e6:,.0f} MB")
    return table


def _cells(frame: Frame, ahead: Forecast, row: int, flight: ActiveFlight) -> list[Text | str]:
    mark, colour = _MARKS[STATUSES[frame.status[row]]]
    return [
        Text(mark, style=colour),
        Text(flight.plan.ship),
        Text(flight.plan.captain),
        Text(flight.plan.target),
        PHASES[frame.phase[row]].value,
        f"{frame.seq[row]:,}",
        f"{CONDITIONS[frame.condition[row]].value} {frame.total[row]:.2f}",
        f"{frame.fuel[row]:.1f} %",
        f"{ahead.fuel[row]:.1f} %",
        f"{frame.distance[row] / 1e6:,.0f} M km",
        "{}:{:02}".format(*divmod(int(ahead.ticks[row]), 60)),
        f"{flight.reports}",
    ]
