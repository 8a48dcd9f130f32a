"""The platform's own parts are not sent on to HTTPS; everybody else is."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from pytest_django import Settings

from hocotate_site.handler import SiteHandler
from hocotate_site.inner import InnerCalls

INNER = "web:8000"


@pytest.fixture(autouse=True)
def secured(settings: Settings) -> None:
    """A site with TLS before it, which its own parts reach without."""
    # Its middleware keeps the settings that it was made with: it must not be made with these.
    import_module("hocotate_site.asgi")
    settings.SITE_URL = "https://hq.example"
    settings.SITE_INNER_URL = f"http://{INNER}"
    settings.ALLOWED_HOSTS = ["hq.example", "web"]
    settings.SECURE_SSL_REDIRECT = True


async def asked(method: str, path: str, host: str) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a plain call."""
    application = InnerCalls(SiteHandler())
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": b"", "scheme": "http", "headers": [(b"host", host.encode())],
        "client": ("127.0.0.1", 5000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    call: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    await call.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await call.receive_output(10)
    await call.wait(10)
    return start["status"], {name.decode().lower(): value.decode() for name, value in start["headers"]}


def test_the_site_is_behind_it() -> None:
    by_protocol = import_module("hocotate_site.asgi").application._application.application_mapping

    assert isinstance(by_protocol["http"], InnerCalls)


async def test_an_inner_call_is_answered() -> None:
    assert (await asked("GET", "/api/openapi.json", INNER))[0] == 200


@pytest.mark.django_db(transaction=True)
async def test_an_inner_write_needs_its_credential() -> None:
    assert (await asked("POST", "/api/v1/alerts", INNER))[0] == 401


@pytest.mark.parametrize("host", ["hq.example", "web", "web:8001"])
async def test_others_are_sent_on(host: str) -> None:
    status, headers = await asked("GET", "/api/openapi.json", host)

    assert status == 301
    assert headers["location"] == f"https://{host}/api/openapi.json"


async def test_without_an_inner_address_everybody_is_sent_on(settings: Settings) -> None:
    settings.SITE_INNER_URL = ""

    assert (await asked("GET", "/api/openapi.json", "hq.example"))[0] == 301
