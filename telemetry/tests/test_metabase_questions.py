"""Metabase's questions, asked of PostgreSQL with the columns that the marts' contracts give them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from django.db import connection

from metabase.content import QUESTIONS, Question
from stack.config import ROOT

from . import marts

SUMMARIES = yaml.safe_load((ROOT / "warehouse" / "models" / "bl" / "bl.yml").read_text())["models"]


@pytest.fixture
def built(db: None) -> Iterator[None]:
    """Marts with figures, and an empty table of missions; a rollback takes both away."""
    columns = next(model["columns"] for model in SUMMARIES if model["name"] == "mission_summary")
    listed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS bl")
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bl.mission_summary ({listed})")
    marts.make()
    yield
    marts.drop()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_is_answered_by_the_marts(built: None, question: Question) -> None:
    with connection.cursor() as cursor:
        cursor.execute(question.sql)
        assert cursor.description
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    assert rows or "bl.mission_summary" in question.sql
    pictured = [*question.settings.get("graph.dimensions", []), *question.settings.get("graph.metrics", [])]
    assert set(pictured) <= set(names)
    if question.display == "scalar":
        assert len(rows) == len(names) == 1
