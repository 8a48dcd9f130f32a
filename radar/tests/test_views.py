"""The page frame and the radar's page."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from pytest_django import Settings


def here(request: object) -> HttpResponse:
    return HttpResponse()


class WithoutStatus:
    urlpatterns = [path("", here), path("missions/", here)]


class WithStatus:
    urlpatterns = [path("", here), path("missions/", here), path("status/", here, name="status")]


@pytest.fixture
def pages() -> Callable[[str], str]:
    """Titles of the navigation at an address; the current page in brackets."""

    def render(address: str) -> str:
        template = Template(
            "{% load pages %}{% site_pages as pages %}"
            "{% for p in pages %}{% if p.current %}[{{ p.title }}]{% else %}{{ p.title }}{% endif %} {% endfor %}"
        )
        return template.render(Context({"request": RequestFactory().get(address)})).strip()

    return render


def test_navigation_names_only_pages_that_are_there_and_marks_the_current_one(pages: Callable[[str], str]) -> None:
    with override_settings(ROOT_URLCONF=WithoutStatus):
        assert pages("/") == "[Radar] Missions"
        assert pages("/missions/17/") == "Radar [Missions]"
    with override_settings(ROOT_URLCONF=WithStatus):
        assert pages("/status/") == "Radar Missions [Status]"


def test_the_radar_asks_for_a_sign_in_and_keeps_the_view_that_was_wanted(client: Client, settings: Settings) -> None:
    settings.RADAR_PUBLIC = False

    answer = client.get("/?ship=SS_DOLPHIN")

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/%3Fship%3DSS_DOLPHIN")


def test_the_radar_is_the_first_page_and_holds_no_inline_script_or_style(client: Client, settings: Settings) -> None:
    settings.RADAR_PUBLIC = True

    answer = client.get("/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "<title>Radar - Hocotate Freight</title>" in page
    assert page.count("<script") == page.count("<script src=") + page.count('type="application/json"')
    assert " style=" not in page
    assert "<style" not in page
    assert client.post("/").status_code == 405
