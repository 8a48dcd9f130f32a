"""Tables: what each column is called, its unit, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import table as builders
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue, MatcherConfig, Panel

from observability.grafana import style
from observability.grafana.panels import asking
from observability.grafana.questions import Metric, Question
from observability.grafana.style import PLAIN, TEXT, Steps


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        field: its name in the answer.
        title: its head.
        link: where a click leads; None for nowhere.
        decimals: None lets Grafana choose.
    """

    field: str
    title: str
    unit: str = TEXT
    steps: Steps = PLAIN
    link: str | None = None
    decimals: int | None = None
    width: int | None = None


SHIP_PAGE: Final = "/d/hocotate-ship?var-ship=${__data.fields.ship_id:percentencode}"
MISSION_PAGE: Final = "${site:raw}/missions/${__data.fields.mission_id}/"
SHIP: Final = Column("ship_id", "Ship", link=SHIP_PAGE, width=170)
MISSION: Final = Column("mission_id", "Mission", link=MISSION_PAGE, width=90)


def table(
    title: str,
    description: str,
    questions: Sequence[Question],
    columns: Sequence[Column],
    *,
    width: int = 12,
    height: int = 8,
) -> Panel:
    """Rows of the present; several questions are joined by the labels that they share. Other columns are left out."""
    built = builders.Panel().unit(TEXT).thresholds(style.thresholds(PLAIN))
    built = built.cell_height(common.TableCellHeight.SM)
    for column in columns:
        built = built.with_override(MatcherConfig(id_val="byName", options=column.field), _properties(column))
    panel = asking(built.build(), title, description, questions, width, height, as_table=True)
    merged = [DataTransformerConfig(id_val="merge", options={})] if isinstance(questions[0], Metric) else []
    panel.transformations = [*merged, _only(columns)]
    return panel


def _only(columns: Sequence[Column]) -> DataTransformerConfig:
    """Only these columns, in their order."""
    names = [column.field for column in columns]
    return DataTransformerConfig(
        id_val="organize",
        options={
            "includeByName": dict.fromkeys(names, True),
            "indexByName": {name: index for index, name in enumerate(names)},
        },
    )


def _properties(column: Column) -> list[DynamicConfigValue]:
    """What sets a column apart."""
    told: list[tuple[str, object]] = [("displayName", column.title), ("unit", column.unit)]
    if column.decimals is not None:
        told.append(("decimals", column.decimals))
    if column.width is not None:
        told.append(("custom.width", column.width))
    if column.steps is not PLAIN:
        # The number stays readable, and is judged by its value beside the colour.
        told.append(("thresholds", style.thresholds(column.steps).build()))
        told.append(("custom.cellOptions", {"type": "color-text"}))
    if column.link is not None:
        told.append(("links", [{"title": f"Open {column.title.lower()}", "url": column.link}]))
    return [DynamicConfigValue(id_val=name, value=value) for name, value in told]
