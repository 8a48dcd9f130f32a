"""Whole dashboards: rows of panels on the grid, variables, links and the marks of alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.models.dashboard import (
    AnnotationContainer,
    AnnotationQuery,
    Dashboard,
    DashboardCursorSync,
    DashboardDashboardTemplating,
    DashboardDashboardTime,
    DashboardLink,
    DashboardLinkType,
    GridPos,
    Panel,
    RowPanel,
    VariableModel,
)

from observability.grafana.questions import PROMETHEUS
from observability.grafana.style import WARN
from observability.grafana.variables import SITE

COLUMNS: Final = 24
TAG: Final = "hocotate"
FIRING: Final = 'ALERTS{alertstate="firing", severity!="none"}'
"""What fires now, the watchdog apart."""


@dataclass(frozen=True)
class Row:
    """Panels that belong together; the first row of a dashboard has no title."""

    title: str
    panels: Sequence[Panel]


class Marks(AnnotationQuery):
    """Where alerts fired, as marks over all lines. The library knows no title and text of a mark."""

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        said = {"titleFormat": "{{alertname}}", "textFormat": "{{part}} {{ship_id}}", "step": "30s"}
        return {**super().to_json(), **said}


def board(
    uid: str,
    title: str,
    description: str,
    rows: Sequence[Row],
    *,
    pages: Sequence[tuple[str, str]],
    variables: Sequence[VariableModel] = (),
    since: str = "now-1h",
    refresh: str = "30s",
) -> Dashboard:
    """A dashboard.

    Args:
        pages: title and path of the site's pages that say more.
        since: beginning of the time range at first.
    """
    marks = Marks(name="Alerts", datasource=PROMETHEUS, icon_color=WARN, expr=FIRING)
    return Dashboard(
        uid=uid,
        title=title,
        description=description,
        tags=[TAG],
        timezone="browser",
        editable=False,
        graph_tooltip=DashboardCursorSync.CROSSHAIR,
        time=DashboardDashboardTime(from_val=since, to="now"),
        refresh=refresh,
        panels=list(_placed(rows)),
        templating=DashboardDashboardTemplating(list_val=[*variables, SITE]),
        annotations=AnnotationContainer(list_val=[marks]),
        links=[_others(), *(_page(name, path) for name, path in pages)],
    )


def _placed(rows: Sequence[Row]) -> Iterator[Panel | RowPanel]:
    """The panels from left to right and from top to bottom, numbered in this order."""
    top, number = 0, 0
    for row in rows:
        if row.title:
            number += 1
            yield RowPanel(title=row.title, id_val=number, grid_pos=GridPos(x=0, y=top, w=COLUMNS, h=1))
            top += 1
        left, tallest = 0, 0
        for panel in row.panels:
            place = panel.grid_pos or GridPos()
            if left + place.w > COLUMNS:
                left, top, tallest = 0, top + tallest, 0
            number += 1
            panel.id_val, place.x, place.y = number, left, top
            left, tallest = left + place.w, max(tallest, place.h)
            yield panel
        top += tallest


def _others() -> DashboardLink:
    """The other dashboards, by their tag."""
    return DashboardLink(
        title="Dashboards", type_val=DashboardLinkType.DASHBOARDS, tags=[TAG], as_dropdown=True, keep_time=True
    )


def _page(title: str, path: str) -> DashboardLink:
    """A page of the site."""
    return DashboardLink(
        title=title,
        type_val=DashboardLinkType.LINK,
        icon="external link",
        tooltip=f"{title} on the site",
        url=f"${{site:raw}}{path}",
        target_blank=True,
    )
