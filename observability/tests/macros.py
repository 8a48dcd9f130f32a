"""Does what Grafana does to a question before it asks: fills in variables and macros."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

CHOSEN: Mapping[str, str] = {"ship": "SS_MOTH", "mission": "7", "period": "all", "site": "http://127.0.0.1:8000"}
"""What people could have chosen."""
UNTIL = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
SINCE = UNTIL - dt.timedelta(days=90)
STEP = "1m"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def filled(promql: str, chosen: Mapping[str, str] = CHOSEN) -> str:
    """PromQL with its variables; a value is written as between quotes, which the lint holds it to."""
    text = re.sub(r"\$__(rate_interval|range|interval)\b", STEP, promql)
    return _chosen(text, {name: value.replace("\\", r"\\").replace('"', r"\"") for name, value in chosen.items()})


def expanded(sql: str, chosen: Mapping[str, str] = CHOSEN) -> str:
    """SQL with its variables, and with the macros of Grafana's PostgreSQL source that the dashboards use.

    Raises:
        ValueError: it uses another macro.
    """
    quoted = {name: "'" + value.replace("'", "''") + "'" for name, value in chosen.items()}
    text = re.sub(r"\$__interval\b", f"'{STEP}'", _chosen(sql, quoted))
    text = re.sub(r"\$__(timeFilter|timeGroupAlias)\(([^()]*)\)", _macro, text)
    if left := re.findall(r"\$\w+", text):
        raise ValueError(f"{left[0]} is not known here.")
    return text


def _time_filter(column: str) -> str:
    """The dashboard's time range; the moments are texts, so a date is compared with the day of each."""
    return f"{column} BETWEEN '{SINCE.isoformat()}' AND '{UNTIL.isoformat()}'"


def _time_group(column: str, step: str) -> str:
    """Beginnings of intervals, in seconds since 1970."""
    text = step.strip("'")
    length = int(text[:-1]) * SECONDS[text[-1]]
    return f'floor(extract(epoch from {column})/{length})*{length} AS "time"'


def _macro(found: re.Match[str]) -> str:
    arguments = [part.strip() for part in found[2].split(",")]
    return _time_filter(*arguments) if found[1] == "timeFilter" else _time_group(*arguments)


def _chosen(text: str, values: Mapping[str, str]) -> str:
    """`$name`, `${name}` and `${name:format}` with what was chosen."""
    return re.sub(
        r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))",
        lambda found: values.get(found[1] or found[2], found[0]),
        text,
    )
