"""The kinds of panels. Each has a title, a sentence on what it tells and when to worry, a unit, and what it asks.

Widths are of Grafana's 24 columns, 55 px each on a screen of 1440; heights are of its rows of 38 px.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from grafana_foundation_sdk.builders import common as options
from grafana_foundation_sdk.builders import stat, statetimeline, timeseries
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import DataSourceRef, GridPos, Panel

from observability.grafana import style
from observability.grafana.questions import Question, source
from observability.grafana.style import CHART, PLAIN, Said, Steps

LETTERS: Final = "ABCDEFGH"


def number(
    title: str,
    description: str,
    question: Question,
    *,
    unit: str,
    steps: Steps = PLAIN,
    texts: Mapping[int, Said] | None = None,
    decimals: int | None = None,
    width: int = 4,
) -> Panel:
    """One large figure, as it is now; words instead of it where `texts` has some."""
    kept = options.ReduceDataOptions().calcs(["lastNotNull"])
    built = (
        stat.Panel()
        .unit(unit)
        .thresholds(style.thresholds(steps))
        .mappings(style.said(texts or {}))
        .reduce_options(kept)
        .color_mode(common.BigValueColorMode.VALUE)
        .graph_mode(common.BigValueGraphMode.NONE if texts else common.BigValueGraphMode.AREA)
    )
    if decimals is not None:
        built = built.decimals(decimals)
    return asking(built.build(), title, description, [question], width, 4)


def lines(
    title: str,
    description: str,
    questions: Sequence[Question],
    *,
    unit: str,
    steps: Steps = (),
    colors: Mapping[str, str] | None = None,
    bars: bool = False,
    low: float | None = 0,
    high: float | None = None,
    since: str | None = None,
    width: int = 12,
) -> Panel:
    """Figures over time; steps are dashed lines.

    Args:
        colors: of lines by their names; others get one each.
        bars: stacked bars, for what adds up.
        since: how far back it looks, whatever the dashboard's time range.
    """
    legend = (
        options.VizLegendOptions()
        .show_legend(True)
        .display_mode(common.LegendDisplayMode.LIST)
        .placement(common.LegendPlacement.BOTTOM)
        .calcs(["lastNotNull"])
    )
    tooltip = options.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.DESCENDING)
    built = timeseries.Panel().unit(unit).legend(legend).tooltip(tooltip).line_width(2)
    built = built.fill_opacity(70 if bars else 0).show_points(common.VisibilityMode.AUTO)
    if bars:
        built = built.draw_style(common.GraphDrawStyle.BARS)
        built = built.stacking(options.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
    if steps:
        dashed = options.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.DASHED)
        built = built.thresholds(style.thresholds(steps)).thresholds_style(dashed)
    if low is not None:
        built = built.axis_soft_min(low)
    if high is not None:
        built = built.axis_soft_max(high)
    if len(questions) > 1:
        for letter, color in zip(LETTERS, CHART[: len(questions)], strict=False):
            built = built.override_by_query(letter, [style.fixed(color)])
    for name, color in (colors or {}).items():
        built = built.override_by_name(name, [style.fixed(color)])
    panel = asking(built.build(), title, description, questions, width, 8)
    panel.time_from = since
    return panel


def states(
    title: str,
    description: str,
    question: Question,
    texts: Mapping[int, Said],
    *,
    width: int = 12,
    height: int = 8,
) -> Panel:
    """A band a series, with the word for its state over time."""
    legend = options.VizLegendOptions().show_legend(False).placement(common.LegendPlacement.BOTTOM)
    built = (
        statetimeline.Panel()
        .unit(style.TEXT)
        .mappings(style.said(texts))
        .thresholds(style.thresholds(PLAIN))
        .legend(legend.display_mode(common.LegendDisplayMode.LIST).calcs([]))
        .merge_values(True)
        .show_value(common.VisibilityMode.AUTO)
        .row_height(0.85)
        .fill_opacity(75)
    )
    return asking(built.build(), title, description, [question], width, height)


def asking(
    panel: Panel,
    title: str,
    description: str,
    questions: Sequence[Question],
    width: int,
    height: int,
    *,
    as_table: bool = False,
) -> Panel:
    """The panel with its words, its size, and its questions in the order A, B, C."""
    place: DataSourceRef = source(questions[0])
    panel.title, panel.description, panel.datasource = title, description, place
    panel.grid_pos = GridPos(w=width, h=height)
    panel.targets = [
        question.asked(letter, as_table=as_table, now=as_table)
        for letter, question in zip(LETTERS, questions, strict=False)
    ]
    return panel
