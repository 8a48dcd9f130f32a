"""What panels ask: PromQL of Prometheus, SQL of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.cog import variants
from grafana_foundation_sdk.models import dashboard, prometheus

PROMETHEUS: Final = dashboard.DataSourceRef(type_val="prometheus", uid="prometheus")
WAREHOUSE: Final = dashboard.DataSourceRef(type_val="grafana-postgresql-datasource", uid="warehouse")
"""Their uids are those of provisioning/datasources."""


@dataclass(frozen=True)
class Metric:
    """A question to Prometheus.

    Attributes:
        expr: PromQL.
        legend: name of each line, labels in double braces.
    """

    expr: str
    legend: str = ""

    def asked(self, ref_id: str, *, as_table: bool = False, now: bool = False) -> variants.Dataquery:
        """The question for Grafana; `now` asks for the present value only."""
        return prometheus.Dataquery(
            ref_id=ref_id,
            expr=self.expr,
            legend_format=self.legend,
            datasource=PROMETHEUS,
            editor_mode=prometheus.QueryEditorMode.CODE,
            format_val=prometheus.PromQueryFormat.TABLE if as_table else prometheus.PromQueryFormat.TIME_SERIES,
            instant=now,
            range_val=not now,
        )


@dataclass(frozen=True)
class Sql:
    """A question to the warehouse; with a column `time` it can be drawn over time."""

    text: str

    def asked(self, ref_id: str, *, as_table: bool = False, now: bool = False) -> variants.Dataquery:
        """The question for Grafana; SQL says itself whether it is about the present."""
        return Rows(ref_id, self.text, "table" if as_table else "time_series")


Question = Metric | Sql


@dataclass(frozen=True)
class Rows(variants.Dataquery):
    """A query of Grafana's PostgreSQL data source, which the library does not know."""

    ref_id: str
    sql: str
    shape: str

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        return {
            "refId": self.ref_id,
            "datasource": WAREHOUSE,
            "editorMode": "code",
            "format": self.shape,
            "rawQuery": True,
            "rawSql": self.sql,
        }


def source(question: Question) -> dashboard.DataSourceRef:
    """Who answers it."""
    return PROMETHEUS if isinstance(question, Metric) else WAREHOUSE


def or_zero(expr: str, label: str = "", value: str = "none") -> str:
    """0 instead of no answer; where it has a label, as the series of `value`."""
    nothing = f'label_replace(vector(0), "{label}", "{value}", "", "")' if label else "vector(0)"
    return f"{expr} or on () {nothing}"


def percentile(share: float, metric: str) -> str:
    """A percentile of a histogram over the last minutes."""
    return f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket[$__rate_interval])))"


def rate(counter: str, labels: str = "") -> str:
    """All of a counter a second."""
    return f"sum(rate({counter}{labels}[$__rate_interval]))"
