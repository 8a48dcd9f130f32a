"""The API keeps to its own OpenAPI schema: Schemathesis asks real Daphne what the schema allows, and what it does not.

Its choices follow from a seed and are bounded in number, not in time, so that what fails once fails again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from ninja import Schema

from missions.models import Mission
from missions.scopes import Scope
from missions.services import token_create
from spark.tests.lakes import Lake

from .lakes import Site, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

SEED = "7"
MUCH = "1000000"


@pytest.fixture(scope="module")
def site(lake: Lake, django_db_setup: None) -> Iterator[Site]:
    """The site over a lake, which nobody asks too often."""
    limits = dict.fromkeys(("RATE_TOKEN", "RATE_USER", "RATE_ADDRESS", "RATE_ADDRESS_WRITES"), MUCH)
    with serving(lake, LAKE_QUERY_SECONDS="2", **limits) as site:
        yield site


@pytest.fixture
def registry(tables: None) -> str:
    """Something of everything that can be asked for; the secret of a token that allows all."""
    token, secret = token_create(name="schema", scopes=list(Scope))
    usual = {"captain": "Olimar", "target": "Karut", "report_freq_min": 5, "registered_by": token}
    Mission.objects.bulk_create(Mission(ship_name=f"SHIP_{n}", **usual) for n in range(3))
    return secret


def examined(site: Site, tmp_path: Path, *options: str, leaving_out: str = "") -> None:
    """Have the API examined; fails with what Schemathesis found.

    That all that the schema allows is taken is not asked for: no schema can tell the dates of today's reports, which
    query is good SQL, or which mission has ended.
    """
    checks = ",".join(filter(None, ("positive_data_acceptance", leaving_out)))
    argv = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{site.url}/api/openapi.json"),
        *("--seed", SEED, "--generation-deterministic", "--max-examples", "12"),
        *("--phases", "examples,coverage,fuzzing", "--workers", "1", "--request-timeout", "20", "--no-color"),
        *("--warnings", "off"),
        *("--exclude-checks", checks),
        *options,
    ]
    env = {**os.environ, "PYTHONWARNINGS": "default"}
    done = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert site.process.poll() is None


def test_no_two_parts_of_the_schema_share_a_name(client: Client) -> None:
    client.get("/api/openapi.json")
    # Ninja wraps each answer in a schema of its own, which the document leaves out.
    names = Counter(schema.__name__ for schema in _schemas(Schema) if schema.__name__ != "NinjaResponseSchema")

    assert [name for name, many in names.items() if many > 1] == []


def _schemas(base: type[Schema]) -> Iterator[type[Schema]]:
    for schema in base.__subclasses__():
        yield schema
        yield from _schemas(schema)


def test_what_ships_and_readers_ask_is_answered_as_the_schema_says(site: Site, registry: str, tmp_path: Path) -> None:
    examined(
        site, tmp_path, "--header", f"Authorization: Bearer {registry}", "--exclude-path-regex", "audit-log|radar|lake"
    )


def test_what_people_ask_is_answered_as_the_schema_says(site: Site, registry: str, tmp_path: Path) -> None:
    User.objects.create_superuser("president", password="onions and ships")
    browser = site.signed_in("president", "onions and ships")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = ("--header", f"Cookie: {cookies}", "--header", f"X-CSRFToken: {browser.headers['X-CSRFToken']}")
    # Without a token the session still opens the lake, so that what comes without one is let in rightly.
    people = ("--include-path-regex", "audit-log|radar|lake")
    examined(site, tmp_path, *headers, *people, leaving_out="ignored_auth")
