"""The contracts and the real registry: what breaks an older message is refused, with the registry's own reason."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient

from ships_client.contracts import schemas
from ships_client.contracts.releases import RELEASES
from stack.bootstrap.schemas import ensure, register
from stack.errors import StackError
from stack.services.base import Context

TELEMETRY = "telemetry.raw-value"
NEWEST = RELEASES[TELEMETRY][-1]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def client(backing: Context) -> Iterator[SchemaRegistryClient]:
    """The registry."""
    with SchemaRegistryClient({"url": backing.settings["REGISTRY_URL"]}) as client:
        yield client


@pytest.fixture
def subject(client: SchemaRegistryClient) -> Iterator[str]:
    """A subject of the test's own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    client.delete_subject(name)
    client.delete_subject(name, permanent=True)


def changed(change: Change) -> str:
    """The newest release of telemetry with a change."""
    schema = json.loads(NEWEST)
    change(schema)
    return json.dumps(schema)


def crew_required(schema: dict[str, Any]) -> None:
    schema["properties"]["crew"] = {"type": "integer"}
    schema["required"].append("crew")


def crew_optional(schema: dict[str, Any]) -> None:
    schema["properties"]["crew"] = {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}


REFUSED: dict[str, tuple[Change, str]] = {
    "a required field added": (crew_required, "A new required property was added at /required"),
    "a type changed": (
        lambda schema: schema["properties"]["fuel_prc"].update(type="string"),
        "Subschema type changed at /properties/fuel_prc",
    ),
    "a value removed": (
        lambda schema: schema["definitions"]["ShipStatus"]["enum"].remove("REPAIR"),
        "Enum type values member removed",
    ),
    "a range narrowed": (
        lambda schema: schema["properties"]["motor_temp_c"].update(maximum=300),
        "Number type maximum decreased at /properties/motor_temp_c/maximum",
    ),
    "a field removed": (lambda schema: schema["properties"].pop("phase"), "property schemas narrowed"),
}


@pytest.mark.parametrize("name", sorted(RELEASES))
def test_the_contract_as_it_stands_reads_all_that_its_releases_wrote(
    client: SchemaRegistryClient, subject: str, name: str
) -> None:
    """Fails with the registry's reason when a change to the contract would make older messages unreadable."""
    register(client, subject, [*RELEASES[name], schemas.SUBJECTS[name]])

    assert client.get_config(subject).compatibility_level == "BACKWARD"
    for version, text in enumerate(RELEASES[name], start=1):
        held = client.get_version(subject, version).schema
        assert held is not None
        assert json.loads(held.schema_str or "") == json.loads(text)


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_change_that_breaks_older_messages_is_refused_with_the_registrys_reason(
    client: SchemaRegistryClient, subject: str, what: str
) -> None:
    change, reason = REFUSED[what]
    with pytest.raises(StackError) as refused:
        register(client, subject, [*RELEASES[TELEMETRY], changed(change)])

    assert reason in refused.value.what
    assert subject in refused.value.what
    assert "older messages stay readable" in refused.value.remedy
    assert len(client.get_versions(subject)) == len(RELEASES[TELEMETRY])


def test_an_optional_field_may_be_added_and_registering_again_changes_nothing(
    client: SchemaRegistryClient, subject: str
) -> None:
    wider = [*RELEASES[TELEMETRY], changed(crew_optional)]
    for _ in range(2):
        register(client, subject, wider)
        assert len(client.get_versions(subject)) == len(wider)


def test_a_registry_that_knows_only_the_newest_is_numbered_anew(client: SchemaRegistryClient, subject: str) -> None:
    register(client, subject, [NEWEST])
    register(client, subject, RELEASES[TELEMETRY])

    held = [client.get_version(subject, number).schema for number in client.get_versions(subject)]
    assert [schema.schema_str for schema in held if schema] == list(RELEASES[TELEMETRY])


def test_what_others_have_registered_stays_where_it_is(client: SchemaRegistryClient, subject: str) -> None:
    first, newest = RELEASES[TELEMETRY]
    register(client, subject, [first, newest, changed(crew_optional)])

    with pytest.raises(StackError, match="property schemas narrowed"):
        register(client, subject, [first, changed(lambda schema: schema["properties"].pop("phase"))])
    register(client, subject, [first, newest])

    assert len(client.get_versions(subject)) == 3


def test_a_start_with_a_broken_contract_says_why_and_registers_nothing(
    backing: Context, client: SchemaRegistryClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get_versions(TELEMETRY)
    monkeypatch.setattr(schemas, "SUBJECTS", {**schemas.SUBJECTS, TELEMETRY: changed(crew_required)})

    with pytest.raises(StackError, match=r"refused the contract telemetry.raw-value.*new required property"):
        ensure(backing)

    assert client.get_versions(TELEMETRY) == before
