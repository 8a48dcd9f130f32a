"""Pages that say what failed."""

import pytest
from django.db import OperationalError
from django.test import Client

from missions import listing, selectors


@pytest.fixture
def reader() -> Client:
    """A client that sees error pages, as a browser does."""
    return Client(raise_request_exception=False)


def test_an_unknown_page_is_named(reader: Client) -> None:
    response = reader.get("/nowhere/<b>")

    assert response.status_code == 404
    assert "There is no page /nowhere/&lt;b&gt;." in response.content.decode()


def test_a_view_says_itself_what_is_not_there(reader: Client, db: None) -> None:
    response = reader.get("/missions/404404/")

    assert response.status_code == 404
    assert "There is no mission 404404" in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("password of site at 10.0.0.1"), 503, "The database is away"),
        (RuntimeError("secret detail"), 500, "make logs S=web"),
    ],
)
def test_a_failed_page_says_what_to_do_and_no_detail(
    reader: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, words: str
) -> None:
    def fail(**_arguments: object) -> None:
        raise error

    monkeypatch.setattr(listing, "captains", fail)

    response = reader.get("/missions/")

    assert response.status_code == status
    assert words in response.content.decode()
    assert str(error) not in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_an_api_whose_database_is_away_says_so_as_json(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_mission_id: int) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(selectors, "mission_get", fail)

    response = reader.get("/api/v1/missions/7")

    assert response.status_code == 503
    assert "database is away" in response.json()["detail"]
