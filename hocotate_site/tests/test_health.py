"""The probes, asked over the real servers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hocotate_site import health, object_store

NOBODY = 1
"""A port on which nothing listens."""


@pytest.fixture(autouse=True)
def _fresh_clients() -> Iterator[None]:
    """No client of another test's settings is used again."""
    yield
    health.kafka_admin.cache_clear()
    object_store.client.cache_clear()


def test_livez_answers_without_a_database(client: Client) -> None:
    assert client.get("/livez").status_code == 200


@pytest.mark.usefixtures("backing")
def test_readyz_names_every_part_as_ok(client: Client) -> None:
    response = client.get("/readyz")

    assert response.json() == {"ready": True, "parts": dict.fromkeys(health.PARTS, "ok")}
    assert response.status_code == 200


def lose(part: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the site at a server that is not there."""
    match part:
        case "postgresql":
            monkeypatch.setitem(settings.DATABASES["default"], "PORT", NOBODY)
        case "valkey":
            settings.VALKEY_URL = f"redis://:secret-of-valkey@127.0.0.1:{NOBODY}/0"
        case "kafka":
            settings.KAFKA_BOOTSTRAP = f"127.0.0.1:{NOBODY}"
        case "object_store":
            settings.S3_ENDPOINT_URL = f"http://127.0.0.1:{NOBODY}"
    health.kafka_admin.cache_clear()
    object_store.client.cache_clear()


@pytest.mark.usefixtures("backing")
@pytest.mark.parametrize("part", health.PARTS)
def test_readyz_names_the_part_that_is_away(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    lose(part, settings, monkeypatch)

    response: Any = client.get("/readyz")

    assert response.status_code == 503
    answers = response.json()["parts"]
    assert {name for name, answer in answers.items() if answer != "ok"} == {part}
    assert "secret" not in answers[part]
    assert "Traceback" not in answers[part]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_only_answer_questions(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_metrics_name_what_the_site_counts(client: Client, db: None) -> None:
    client.get("/livez")

    page = client.get("/metrics").content.decode()

    assert "missions_registered_total" in page
    assert 'django_http_responses_total_by_status_total{status="200"}' in page
