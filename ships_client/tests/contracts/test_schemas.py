import json
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types

from ships_client.contracts import Reason, examples, schemas

DECIDED_BY_SCHEMA = {
    Reason.MISSING_FIELD,
    Reason.WRONG_TYPE,
    Reason.UNKNOWN_FIELD,
    Reason.UNKNOWN_VALUE,
    Reason.OUT_OF_RANGE,
}


def validator(subject: str) -> Draft7Validator:
    schema = json.loads(schemas.SUBJECTS[subject])
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def objects(node: object) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        here = [node] if node.get("type") == "object" else []
        return here + [found for value in node.values() for found in objects(value)]
    if isinstance(node, list):
        return [found for value in node for found in objects(value)]
    return []


@pytest.mark.parametrize("subject", sorted(schemas.STRUCTS))
def test_the_committed_schema_is_the_structs(subject: str) -> None:
    assert schemas.SUBJECTS[subject] == schemas.generate(schemas.STRUCTS[subject]), (
        "Run `python -m ships_client.contracts.schemas` and commit the files."
    )


@pytest.mark.parametrize("subject", sorted(schemas.STRUCTS))
def test_schemas_are_draft_7_with_a_root_of_their_own_and_closed_objects(subject: str) -> None:
    schema = json.loads(schemas.SUBJECTS[subject])
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["type"] == "object"
    assert all(found["additionalProperties"] is False for found in objects(schema))


@pytest.mark.parametrize("name", sorted(examples.valid()))
def test_golden_valid_messages_pass_the_schema(name: str) -> None:
    validator("telemetry.raw-value").validate(json.loads(examples.valid()[name]))


@pytest.mark.parametrize("reason", sorted(DECIDED_BY_SCHEMA))
def test_golden_invalid_messages_fail_the_schema(reason: Reason) -> None:
    assert not validator("telemetry.raw-value").is_valid(json.loads(examples.invalid()[reason]))


def test_a_running_mission_status_fails_the_schema_as_it_fails_decode() -> None:
    message = {**json.loads(examples.valid()["v2"]), "mission_status": "RUNNING"}
    assert not validator("telemetry.raw-value").is_valid(message)


@pytest.mark.parametrize("name", sorted(examples.manifests()))
def test_golden_manifests_pass_the_schema(name: str) -> None:
    validator("missions.manifest-value").validate(json.loads(examples.manifests()[name]))
