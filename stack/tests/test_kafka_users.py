"""Rights at Kafka: what each user may do, and that it is no more."""

from __future__ import annotations

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # public, but not in its __all__
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from stack.containers import kafka_users
from stack.containers.kafka_users import RAW, User
from stack.errors import StackError

SECRETS = {"KAFKA_SITE_PASSWORD": "a", "KAFKA_LAKE_PASSWORD": "b", "KAFKA_FLEET_PASSWORD": "c"}


def found(name: str) -> User:
    return next(user for user in kafka_users.users(SECRETS) if user.name == name)


def test_a_ship_can_only_write_telemetry() -> None:
    allowed = {(right.kind, right.name, right.operation) for right in found("fleet").rights}
    assert allowed == {
        (ResourceType.TOPIC, RAW, AclOperation.WRITE),
        (ResourceType.TOPIC, RAW, AclOperation.DESCRIBE),
        (ResourceType.BROKER, "kafka-cluster", AclOperation.IDEMPOTENT_WRITE),
    }
    assert kafka_users.ship("moth", "x").rights == found("fleet").rights


def test_the_lake_writer_writes_nothing_to_kafka() -> None:
    assert {right.operation for right in found("lake").rights} == {AclOperation.READ, AclOperation.DESCRIBE}


def test_no_user_has_a_right_over_everything() -> None:
    for user in kafka_users.users(SECRETS):
        for right in user.rights:
            assert right.name != "*"
            assert right.operation not in (AclOperation.ALL, AclOperation.ALTER, AclOperation.CREATE)


def test_a_right_becomes_an_acl_of_the_user() -> None:
    made = kafka_users.binding("radar", kafka_users.Right(ResourceType.GROUP, "radar.", AclOperation.READ, prefix=True))
    assert made.principal == "User:radar"
    assert made.resource_pattern_type == ResourcePatternType.PREFIXED
    assert made.permission_type == AclPermissionType.ALLOW


@pytest.mark.parametrize("name", ["SS_MOTH", "fleet.2", "a"])
def test_a_ship_has_its_name_as_user(name: str) -> None:
    assert kafka_users.ship_user(name) == name


@pytest.mark.parametrize("name", ["", "admin", "broker", "site", "fleet", "a b", "x" * 61, "-x", 'a"b'])
def test_names_that_are_taken_or_unsafe_are_refused(name: str) -> None:
    with pytest.raises(StackError, match="can't be a ship's user"):
        kafka_users.ship_user(name)


def test_passwords_are_not_shown() -> None:
    assert "secret" not in repr(kafka_users.ship("moth", "secret"))
