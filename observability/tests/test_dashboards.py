"""The dashboards are what the code makes, fit together, and ask only for what is there."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve

from observability.grafana import style
from observability.grafana.variables import PERIODS
from observability.grafana.written import texts, write
from observability.tests.boards import BOARDS, FILES, GRAFANA, panels, questions
from observability.tests.macros import expanded, filled
from observability.tests.promql import metrics_of
from stack.config import ROOT
from stack.services.templates import OBSERVABILITY

OF_LIBRARIES = {
    "ALERTS",
    "up",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "django_http_responses_total_by_status_total",
    "django_http_requests_latency_seconds_by_view_method",
}
"""Metrics of Prometheus itself, of the client library and of django-prometheus."""
TOKENS = ROOT / "radar" / "static" / "radar" / "css" / "tokens.css"
COLUMNS = 24
KINDS = {"stat", "timeseries", "table", "state-timeline"}


def documented() -> set[str]:
    rows = re.findall(r"^\| (`.+?) \|", (ROOT / "docs" / "metrics.md").read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall("`(.+?)`", row)}


def recorded() -> set[str]:
    rules = (OBSERVABILITY / "prometheus" / "rules").glob("*.yml")
    return {name for path in rules for name in re.findall(r"- record: (\S+)", path.read_text())}


def everything(found: Any) -> Iterator[dict[str, Any]]:
    """Every mapping within a document."""
    if isinstance(found, dict):
        yield found
    for part in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from everything(part)


def test_the_files_are_what_the_code_makes() -> None:
    said = "They differ: run `python -m observability.grafana` and commit what it writes."
    assert {path.name: path.read_text() for path in FILES} == texts(), said


def test_what_is_described_no_more_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}")

    write(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == set(texts())


def test_uids_and_titles_are_there_once() -> None:
    for key in ("uid", "title"):
        assert len({board[key] for board in BOARDS.values()}) == len(BOARDS)
    assert {board["uid"] for board in BOARDS.values()} == {f"hocotate-{name}" for name in BOARDS}


@pytest.mark.parametrize("name", BOARDS)
def test_a_dashboard_says_what_it_is_and_when_it_looks_again(name: str) -> None:
    board = BOARDS[name]

    assert board["description"].endswith(".")
    assert board["tags"] == ["hocotate"]
    assert board["time"]["to"] == "now"
    assert re.fullmatch(r"\d+[sm]", board["refresh"])
    assert board["editable"] is False
    assert [mark["name"] for mark in board["annotations"]["list"]] == ["Alerts"]


@pytest.mark.parametrize("name", BOARDS)
def test_a_panel_says_what_it_tells_and_in_which_unit(name: str) -> None:
    titles = [panel["title"] for panel in panels(BOARDS[name])]
    assert len(set(titles)) == len(titles)
    for panel in panels(BOARDS[name]):
        assert panel["type"] in KINDS
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert len(panel["description"]) > 30, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in style.UNITS, panel["title"]
        assert panel["targets"], panel["title"]
        for asked in (panel, *panel["targets"]):
            assert asked["datasource"]["uid"] in {"prometheus", "warehouse"}, panel["title"]


@pytest.mark.parametrize("name", BOARDS)
def test_the_columns_of_a_table_have_units_that_are_known(name: str) -> None:
    told = [found for found in everything(BOARDS[name]) if found.get("id") == "unit"]
    assert {found["value"] for found in told} <= style.UNITS


@pytest.mark.parametrize("name", BOARDS)
def test_panels_have_numbers_of_their_own_and_do_not_overlap(name: str) -> None:
    every = BOARDS[name]["panels"]
    assert len({panel["id"] for panel in every}) == len(every)

    places = [(panel["title"], panel["gridPos"]) for panel in every]
    for title, place in places:
        assert place["x"] + place["w"] <= COLUMNS, title
        assert min(place["x"], place["y"]) >= 0, title
        assert min(place["w"], place["h"]) >= 1, title
    for (one, a), (other, b) in combinations(places, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        apart = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert beside or apart, f"{one} lies over {other}."


@pytest.mark.parametrize("name", BOARDS)
def test_figures_stand_on_top_and_fill_the_width(name: str) -> None:
    top = [panel for panel in BOARDS[name]["panels"] if panel["gridPos"]["y"] == 0]

    assert {panel["type"] for panel in top} == {"stat"}
    assert sum(panel["gridPos"]["w"] for panel in top) == COLUMNS


def test_every_metric_is_documented() -> None:
    known = documented() | recorded() | OF_LIBRARIES
    unknown = {
        (str(asked), metric)
        for asked in questions()
        for metric in metrics_of(asked.promql)
        if not known & {metric, re.sub("_(bucket|sum|count)$", "", metric)}
    }
    assert not unknown


def test_every_question_to_prometheus_is_promql(tool: Callable[[str], str], tmp_path: Path) -> None:
    asked = [{"record": f"asked:{number}", "expr": filled(one.promql)} for number, one in enumerate(questions())]
    rules = tmp_path / "asked.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": [one for one in asked if one["expr"]]}]}))

    done = subprocess.run(
        [tool("promtool"), "check", "rules", str(rules)], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_sql_reads_the_marts_and_what_they_are_made_of_and_nothing_else() -> None:
    texts_of_sql = [asked.sql for asked in questions() if asked.sql]
    assert texts_of_sql
    for text in texts_of_sql:
        tables = re.findall(r"\b(?:from|join)\s+([\w.]+)", text, re.IGNORECASE)
        assert tables
        assert {name.partition(".")[0] for name in tables} <= {"bl", "sl"}, text
        assert text.lower().startswith("select")


@pytest.mark.parametrize("name", BOARDS)
def test_variables_that_are_used_are_there(name: str) -> None:
    board = BOARDS[name]
    there = {variable["name"] for variable in board["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-zA-Z]\w*)", json.dumps(board, ensure_ascii=False)))

    assert used == there


def test_what_people_choose_stands_in_quotes() -> None:
    for asked in questions():
        for name in re.findall(r"\$(ship|mission)\b", asked.promql):
            assert f'="${name}"' in asked.promql, asked
        assert not re.search(r"\$(ship|mission|period)\b", asked.sql), asked
        assert set(re.findall(r"\$\{\w+:?(\w*)\}", asked.sql)) <= {"sqlstring"}, asked


def test_the_tests_fill_in_what_was_chosen_as_grafana_does() -> None:
    chosen = {"ship": "ONION's \"?!", "mission": "7"}

    assert filled('x{ship_id="$ship"}[$__rate_interval]', chosen) == 'x{ship_id="ONION\'s \\"?!"}[1m]'
    assert expanded("SELECT ${ship:sqlstring}", chosen) == "SELECT 'ONION''s \"?!'"
    grouped = expanded("SELECT $__timeGroupAlias(at, $__interval) WHERE $__timeFilter(at)")
    assert grouped.startswith('SELECT floor(extract(epoch from at)/60)*60 AS "time" WHERE at BETWEEN \'20')
    with pytest.raises(ValueError, match="__timeTo"):
        expanded("SELECT $__timeTo()")


@pytest.mark.parametrize("name", BOARDS)
def test_links_lead_to_dashboards_and_pages_that_are_there(name: str) -> None:
    urls = {found["url"] for found in everything(BOARDS[name]) if "url" in found}
    assert urls
    for url in urls:
        if url.startswith("/d/"):
            assert re.match(r"/d/([\w-]+)", url)[1] in {board["uid"] for board in BOARDS.values()}  # type: ignore[index]
            continue
        assert url.startswith("${site:raw}/"), url
        path = url.removeprefix("${site:raw}")
        resolve(re.sub(r"\$\{__data\.fields\.mission_id\}|\$mission", "7", path))


@pytest.mark.parametrize("name", BOARDS)
def test_a_dashboard_links_to_the_others_and_keeps_the_time(name: str) -> None:
    [others] = [link for link in BOARDS[name]["links"] if link["type"] == "dashboards"]
    assert (others["tags"], others["keepTime"]) == (["hocotate"], True)


@pytest.mark.parametrize("name", BOARDS)
def test_colours_are_the_sites_and_none_stands_without_a_word(name: str) -> None:
    site = TOKENS.read_text().lower()
    colors = set(re.findall(r"#[0-9a-f]{6}", json.dumps(BOARDS[name]).lower()))
    assert {color for color in colors if color not in site} == set()

    for mapping in (found for found in everything(BOARDS[name]) if found.get("type") == "value" and "options" in found):
        assert all(said["text"] for said in mapping["options"].values())


def test_the_periods_are_those_of_the_marts() -> None:
    text = (ROOT / "warehouse" / "models" / "sl" / "sl.yml").read_text()

    assert set(re.findall(r"'(\d+d|all)'", text)) == set(PERIODS)


def test_grafana_is_told_of_both_sources_and_holds_no_secret() -> None:
    told = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "hocotate.yml").read_text())
    sources = {source["uid"]: source for source in told["datasources"]}

    assert set(sources) == {"prometheus", "warehouse"}
    assert all(source["editable"] is False for source in sources.values())
    assert sources["warehouse"]["user"] == "warehouse_reader"
    assert sources["warehouse"]["secureJsonData"] == {"password": "${WAREHOUSE_READER_DB_PASSWORD}"}
    for board in BOARDS.values():
        for panel in panels(board):
            assert panel["datasource"]["type"] == sources[panel["datasource"]["uid"]]["type"]


def test_grafana_takes_the_dashboards_from_files_and_lets_nobody_change_them() -> None:
    told = yaml.safe_load((GRAFANA / "provisioning" / "dashboards" / "hocotate.yml").read_text())
    [provider] = told["providers"]

    assert provider["allowUiUpdates"] is False
    assert provider["options"]["foldersFromFilesStructure"] is True
