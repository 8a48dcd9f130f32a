"""The dbt project: its tests pass, its seed is the contracts' table, and what is published is what it makes."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from stack.services.base import Context
from telemetry.mart_builds.planets import SEED, seed_text
from telemetry.mart_builds.project import OWN_SCHEMA
from telemetry.mart_builds.tables import MARTS


def test_the_seed_of_planets_is_written_from_the_contracts() -> None:
    assert SEED.read_text() == seed_text()


@pytest.mark.usefixtures("tables")
def test_dbt_builds_tests_and_documents_the_project(backing: Context, capfd: pytest.CaptureFixture[str]) -> None:
    call_command("dbt", "build", "--no-use-colors")
    call_command("dbt", "docs", "generate", "--no-use-colors")

    out = capfd.readouterr().out
    assert "PASS=" in out
    assert "ERROR=0" in out
    assert "unit_test" in out
    made = json.loads((settings.MARTS_WORK / OWN_SCHEMA / "target" / "manifest.json").read_text())
    models = {node["name"]: node for node in made["nodes"].values() if node["resource_type"] == "model"}
    assert {mart.name for mart in MARTS} == set(models) - {"flights"}
    for name, node in models.items():
        assert node["description"], name
        assert all(column["description"] and column["data_type"] for column in node["columns"].values()), name
    exposed = {ref for exposure in made["exposures"].values() for ref in exposure["depends_on"]["nodes"]}
    assert {models[mart.name]["unique_id"] for mart in MARTS if mart.schema == "sl"} <= exposed
    documented = json.loads((settings.MARTS_WORK / OWN_SCHEMA / "target" / "catalog.json").read_text())
    for mart in MARTS:
        node = models[mart.name]
        there = documented["nodes"][node["unique_id"]]["columns"]
        assert list(there) == list(node["columns"]), mart.name


@pytest.mark.usefixtures("tables")
def test_a_command_that_dbt_refuses_fails(backing: Context) -> None:
    with pytest.raises(CommandError, match="dbt ended with 2"):
        call_command("dbt", "no-such-command")
