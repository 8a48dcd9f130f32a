"""Every panel shows something: its questions are put to a Prometheus and a PostgreSQL that watched a fleet fly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest
from pytest_django import Settings

from hocotate_site.outcomes import Job, told
from observability.tests.boards import BOARDS, Asked, questions
from observability.tests.macros import expanded, filled
from observability.tests.watchers import beside, eventually, started
from stack.services import EXPORTERS
from stack.services.base import Context
from stack.services.programs import PROGRAMS
from stack.testing import RunningPlatform
from tests.fleets import flying

pytestmark = [pytest.mark.platform, pytest.mark.timeout(600)]

WATCHERS = (*EXPORTERS, "pushgateway", "prometheus")
FLEET = ("--ships", "3", "--targets", "PNF-404", "--speed", "10", "--seed", "11", "--keep")
"""Ships that fly while others have come home and handed in their reports: within half a minute."""
EMPTY: Mapping[str, str] = {"Alerts firing now": "A healthy platform has none; the panels beside it show the 0."}
"""Panels that may show nothing, and why."""
SHIP_NAMES = "select distinct ship_name from bl.mission_summary"


@pytest.fixture(scope="module")
def watching(
    tool: Callable[[str], str], platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    """Prometheus with our configuration and rules, a Pushgateway and the exporters, beside the running platform."""
    for name in WATCHERS:
        tool(PROGRAMS[name][0])
    context = beside(platform, tmp_path_factory.mktemp("watchers"))
    with started(context, WATCHERS, every="5s"):
        yield context


@pytest.fixture(scope="module")
def fleet(platform: RunningPlatform, watching: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A fleet in flight, of whose missions some have ended and their reports are loaded."""
    with (
        flying(platform, tmp_path_factory.mktemp("fleet") / "fleet.log", *FLEET),
        psycopg.connect(platform.env["DATABASE_URL"], autocommit=True) as connection,
    ):

        def reported() -> Any:
            return connection.execute(
                "select count(*) from ll.manifests join params.missions as m using (mission_id)"
                " where m.status <> 'RUNNING'"
            ).fetchone() != (0,)

        eventually("a ship has come home and its report is loaded", reported, 120)
        yield


def of_prometheus(context: Context, path: str, **question: str) -> Any:
    """The data of Prometheus' answer."""
    url = f"http://127.0.0.1:{context.platform.port('PROMETHEUS_PORT')}/api/v1/{path}"
    answer = httpx.get(url, params=question, timeout=20, trust_env=False)
    return answer.raise_for_status().json()["data"]


def series(context: Context, promql: str) -> list[dict[str, Any]]:
    """The series that have a number now."""
    found = of_prometheus(context, "query", query=promql)["result"]
    return [one for one in found if not math.isnan(float(one["value"][1]))]


def rows(platform: RunningPlatform, sql: str) -> list[Any]:
    """The rows that Grafana's role gets."""
    with psycopg.connect(platform.env["WAREHOUSE_READER_URL"], autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def gauges(context: Context) -> list[dict[str, str]]:
    """Ships with gauges and their missions, the newest mission first."""
    found = [one["metric"] for one in series(context, "ship_fuel_percent")]
    return sorted(found, key=lambda labels: -int(labels["mission_id"]))


def names_on_radar(context: Context) -> list[str]:
    return [labels["ship_id"] for labels in gauges(context)]


def choice(platform: RunningPlatform, context: Context) -> dict[str, str]:
    """What a person chooses: of the ships that are in the warehouse as well, the one whose mission began last."""
    flown = {name for (name,) in rows(platform, SHIP_NAMES)}
    for labels in gauges(context):
        if labels["ship_id"] in flown:
            ship, mission = labels["ship_id"], labels["mission_id"]
            return {"ship": ship, "mission": mission, "period": "all", "site": platform.site_url}
    return {}


def test_every_panel_has_data(platform: RunningPlatform, watching: Context, fleet: None, settings: Settings) -> None:
    settings.PUSHGATEWAY_URL = f"http://127.0.0.1:{watching.platform.port('PUSHGATEWAY_PORT')}"
    with told(Job.INGEST) as outcome:
        outcome.failed_items = 0
    with told(Job.MARTS) as outcome:
        built = platform.manage("build_marts")
        outcome.failed_items = built.returncode
    assert built.returncode == 0, built.stdout + built.stderr
    # What it finds is no matter here; that it was written down is.
    assert platform.manage("audit", "--wait", "0", "--json").returncode in (0, 1)
    eventually("Prometheus knows a ship that is in the warehouse as well", lambda: choice(platform, watching))
    unanswered = {str(asked): asked for asked in questions() if asked.panel not in EMPTY}

    def answered(asked: Asked, chosen: dict[str, str]) -> bool:
        if asked.sql:
            return bool(rows(platform, expanded(asked.sql, chosen)))
        return bool(series(watching, filled(asked.promql, chosen)))

    def all_answered() -> bool:
        # Chosen anew each time: a mission that has ended leaves the radar.
        chosen = choice(platform, watching)
        for name in [name for name, asked in unanswered.items() if answered(asked, chosen)]:
            del unanswered[name]
        return not unanswered

    try:
        # The parts are asked each full minute; all else is there within seconds.
        eventually("every panel has data", all_answered, 90)
    except AssertionError:
        pytest.fail("No data: " + "; ".join(unanswered))
    for asked in questions():
        if asked.panel in EMPTY:
            of_prometheus(watching, "query", query=filled(asked.promql, choice(platform, watching)))


def test_variables_have_values_and_the_site_is_known(platform: RunningPlatform, watching: Context, fleet: None) -> None:
    def values(query: str) -> list[str]:
        selector, _, label = query.removeprefix("label_values(").removesuffix(")").rpartition(",")
        found: list[str] = of_prometheus(watching, f"label/{label.strip()}/values", **{"match[]": selector})
        return found

    ship = eventually("a ship is known", lambda: names_on_radar(watching))[0]
    for board in BOARDS.values():
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                query = filled(variable["query"]["query"], {"ship": ship})
                found = eventually(f"{variable['name']} has a value", partial(values, query))
                if variable["name"] == "site":
                    assert found == [platform.site_url]
