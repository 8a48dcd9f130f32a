"""Colours, units and thresholds of all dashboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models import dashboard as models

GOOD, WARN, BAD, INFO, IDLE = "#63c493", "#f2b24c", "#ff8270", "#86b8f2", "#98a5a7"
"""The site's own, of its dark theme. None stands alone for a meaning: there is a number, a word or a name beside it."""
CHART: Final = ("#7eacf5", "#e56c25", "#f2d586", "#b24d9f", "#1d7457", "#aeb5ba")
"""Of lines that mean neither good nor bad, in the order of a panel's questions."""

# Grafana's names of units; the lint of the dashboards knows these only.
COUNT, SECONDS, BYTES, PERCENT, RATIO, HOURS = "locale", "s", "bytes", "percent", "percentunit", "h"
CELSIUS, KILOPASCAL, DECIBEL, MILLION_KM = "celsius", "pressurekpa", "dB", "suffix:million km"
MESSAGES_S, REQUESTS_S, ROWS_S, FRAMES_S, A_MINUTE = "mps", "reqps", "rowsps", "suffix:/s", "suffix:/min"
BYTES_S = "Bps"
POKO, CORES, TEXT, MOMENT = "suffix:Poko", "suffix:cores", "none", "dateTimeAsIso"
UNITS: Final = frozenset(
    (
        *(COUNT, SECONDS, BYTES, PERCENT, RATIO, HOURS, CELSIUS, KILOPASCAL, DECIBEL, MILLION_KM),
        *(MESSAGES_S, REQUESTS_S, ROWS_S, FRAMES_S, A_MINUTE, BYTES_S, POKO, CORES, TEXT, MOMENT),
    )
)


class Step(NamedTuple):
    """From this value on the colour is another one; None is the beginning."""

    value: float | None
    color: str


class Said(NamedTuple):
    """What is written instead of a number, and its colour."""

    text: str
    color: str


Steps = Sequence[Step]

PLAIN: Final[Steps] = (Step(None, IDLE),)
"""Nothing to judge."""
NONE_IS_GOOD: Final[Steps] = (Step(None, GOOD), Step(1, BAD))


def above(warn: float, bad: float | None = None) -> Steps:
    """Good below `warn`."""
    worse = () if bad is None else (Step(bad, BAD),)
    return (Step(None, GOOD), Step(warn, WARN), *worse)


def below(bad: float, warn: float | None = None) -> Steps:
    """Bad below `bad`, to be watched below `warn`."""
    between = () if warn is None else (Step(bad, WARN),)
    return (Step(None, BAD), *between, Step(bad if warn is None else warn, GOOD))


def within(low: float, high: float) -> Steps:
    """Bad below the one and above the other."""
    return (Step(None, BAD), Step(low, GOOD), Step(high, BAD))


def thresholds(steps: Steps) -> builders.ThresholdsConfig:
    """The steps for Grafana."""
    listed = [models.Threshold(value=step.value, color=step.color) for step in steps]
    return builders.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(listed)


def said(texts: Mapping[int, Said]) -> list[models.ValueMapping]:
    """The words for the numbers."""
    options = {
        str(value): models.ValueMappingResult(text=word.text, color=word.color, index=index)
        for index, (value, word) in enumerate(texts.items())
    }
    return [models.ValueMap(options=options)] if options else []


def fixed(color: str) -> models.DynamicConfigValue:
    """One colour, as an override has it."""
    return models.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": color})
