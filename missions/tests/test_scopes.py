"""What a token allows, and how that is changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from missions import services
from missions.exceptions import InvalidScope, ScopeMissing
from missions.models import Mission, ShipToken
from missions.scopes import SHIP_SCOPES, Scope, scopes_read

MISSIONS = "/api/v1/missions"
BODY = {"ship_name": "ONION?!", "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}


def client_of(*scopes: str) -> Client:
    """A client whose token allows these."""
    _token, secret = services.token_create(name="narrow", scopes=scopes)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_a_token_made_without_scopes_is_a_ship_s(token: ShipToken) -> None:
    assert token.scopes == ["missions:write", "reports:write"]
    assert not token.allows(Scope.LAKE_READ)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (MISSIONS, BODY),
        (f"{MISSIONS}/bulk", {"missions": [BODY]}),
        (f"{MISSIONS}/1/complete", {"status": "SUCCESS"}),
        ("/register_mission?ship_name=X&captain=Y&target=Koppai&report_freq_min=5", {}),
    ],
)
def test_only_a_token_for_missions_writes_missions(db: None, path: str, body: Any) -> None:
    response = client_of("reports:write", "lake:read").post(path, body, content_type="application/json")

    assert response.status_code == 403
    assert "this needs missions:write" in response.json()["detail"]
    assert not Mission.objects.exists()


def test_only_a_token_for_reports_hands_in_reports(register: Callable[..., Mission]) -> None:
    narrow = client_of("missions:write")
    mission = register(token=ShipToken.objects.get(name="narrow"))

    body = {"report_no": 1, "date": f"{mission.started_at:%Y-%m-%d}"}
    response = narrow.post(f"{MISSIONS}/{mission.pk}/uploads", body, content_type="application/json")

    assert response.status_code == 403
    assert response.json()["type"] == "urn:hocotate:problem:scope-missing"
    assert "this needs reports:write" in response.json()["detail"]


def test_a_scope_that_is_taken_away_is_gone_at_once(token: ShipToken) -> None:
    services.token_scopes_set(token=token, scopes=[*SHIP_SCOPES, Scope.LAKE_READ])
    services.check_scope(ShipToken.objects.get(), Scope.LAKE_READ)

    services.token_scopes_set(token=token, scopes=SHIP_SCOPES)

    with pytest.raises(ScopeMissing, match="lake:read"):
        services.check_scope(ShipToken.objects.get(), Scope.LAKE_READ)


@pytest.mark.parametrize(("names", "words"), [(["lake:write"], "lake:write"), ([], "allows nothing")])
def test_unknown_scopes_are_refused(names: list[str], words: str) -> None:
    with pytest.raises(InvalidScope, match=words):
        scopes_read(names)


@pytest.mark.parametrize("scopes", [[], ["lake:write"], ["lake:read", "all"]])
def test_the_database_itself_refuses_a_token_with_other_scopes(token: ShipToken, scopes: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipToken.objects.filter(pk=token.pk).update(scopes=scopes)
