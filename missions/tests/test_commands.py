"""create_ship_token and bootstrap_site."""

import io

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from missions import services
from missions.models import ShipToken


def bootstrap() -> str:
    """What bootstrap_site prints."""
    out = io.StringIO()
    call_command("bootstrap_site", stdout=out)
    return out.getvalue()


def test_a_token_is_made_and_shown_once(db: None) -> None:
    out, err = io.StringIO(), io.StringIO()

    call_command("create_ship_token", "Olimar's fleet", stdout=out, stderr=err)

    secret = out.getvalue().strip()
    assert services.token_authenticate(secret).name == "Olimar's fleet"
    assert secret not in err.getvalue()


@pytest.mark.parametrize("name", ["", "x" * 65, "a\x00"])
def test_a_token_needs_a_name(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="name"):
        call_command("create_ship_token", name)

    assert not ShipToken.objects.exists()


def test_bootstrap_makes_groups_administrator_and_token(db: None, settings: Settings) -> None:
    settings.ADMIN_USER, settings.ADMIN_PASSWORD, settings.FLEET_TOKEN = "boss", "a long password", "fleet-secret"
    settings.ALERTS_TOKEN = "alerts-secret"

    printed = bootstrap()

    assert set(Group.objects.values_list("name", flat=True)) == {"viewer", "operator", "administrator"}
    assert User.objects.get(username="boss").check_password("a long password")
    assert User.objects.get(username="boss").is_superuser
    assert services.token_authenticate("fleet-secret").name == "demo fleet"
    assert services.token_authenticate("alerts-secret").scopes == ["alerts:write"]
    assert "a long password" not in printed
    assert "fleet-secret" not in printed
    assert "alerts-secret" not in printed


def test_bootstrap_again_changes_nothing_that_people_changed(db: None, settings: Settings) -> None:
    settings.ADMIN_USER, settings.ADMIN_PASSWORD, settings.FLEET_TOKEN = "boss", "a long password", "fleet-secret"
    settings.ALERTS_TOKEN = "alerts-secret"
    bootstrap()
    boss = User.objects.get(username="boss")
    boss.set_password("my own password")
    boss.save()

    bootstrap()

    assert User.objects.get(username="boss").check_password("my own password")
    assert ShipToken.objects.count() == 2
    assert Group.objects.count() == 3


def test_bootstrap_without_settings_makes_the_groups_only(db: None, settings: Settings) -> None:
    settings.ADMIN_USER = settings.ADMIN_PASSWORD = settings.FLEET_TOKEN = settings.ALERTS_TOKEN = ""

    bootstrap()

    assert (Group.objects.count(), User.objects.count(), ShipToken.objects.count()) == (3, 0, 0)


def test_each_group_may_do_what_the_one_before_may(db: None) -> None:
    bootstrap()

    may = {
        group.name: {
            f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename")
        }
        for group in Group.objects.all()
    }

    assert may["viewer"] < may["operator"] < may["administrator"]
    assert all(code.split(".")[1].startswith("view_") for code in may["viewer"])
    assert "missions.end_mission" in may["operator"] - may["viewer"]
    assert "missions.revoke_shiptoken" in may["administrator"] - may["operator"]
