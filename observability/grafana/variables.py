"""What people choose at the top of a dashboard, and where the site is."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import (
    VariableHide,
    VariableModel,
    VariableOption,
    VariableRefresh,
    VariableSort,
    VariableType,
)

from observability.grafana.questions import PROMETHEUS

PERIODS: Final = ("7d", "30d", "90d", "all")
"""Of the marts: missions that ended within so many days before the build."""


def labels(
    name: str,
    title: str,
    query: str,
    *,
    sort: VariableSort = VariableSort.ALPHABETICAL_ASC,
    hide: VariableHide = VariableHide.DONT_HIDE,
) -> VariableModel:
    """A value of a label, as Prometheus has them in the time range."""
    return VariableModel(
        type_val=VariableType.QUERY,
        name=name,
        label=title,
        query={"query": query, "refId": "StandardVariableQuery"},
        datasource=PROMETHEUS,
        refresh=VariableRefresh.ON_TIME_RANGE_CHANGED,
        sort=sort,
        hide=hide,
    )


SHIP: Final = labels("ship", "Ship", "label_values(ship_fuel_percent, ship_id)")
MISSION: Final = labels(
    "mission",
    "Mission",
    'label_values(ship_fuel_percent{ship_id="$ship"}, mission_id)',
    # Its newest mission stands first, and so is the one that is shown.
    sort=VariableSort.NUMERICAL_DESC,
)
SITE: Final = labels(
    "site", "Site", 'label_values(up{job="prometheus", site!=""}, site)', hide=VariableHide.HIDE_VARIABLE
)
"""prometheus.yml says it as a label of what Prometheus tells of itself; outer labels are in no answer."""

PERIOD: Final = VariableModel(
    type_val=VariableType.CUSTOM,
    name="period",
    label="Period of the marts",
    query=",".join(PERIODS),
    current=VariableOption(selected=True, text="all", value="all"),
    options=[VariableOption(selected=period == "all", text=period, value=period) for period in PERIODS],
)
