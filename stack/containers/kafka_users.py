"""Who may do what at Kafka: a SCRAM pair each, and no right beyond what its work needs.

Rights are ACLs of Kafka's own authorizer, which allows nothing without one. Users with all rights, admin and the broker
itself, are not made here: Kafka's storage is formatted with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # public, but not in its __all__
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from stack.errors import StackError
from stack.services.base import Context
from stack.services.kafka import admin

RAW = "telemetry.raw"
DEAD_LETTERS = "telemetry.dlq"
ITERATIONS = 8192
PATIENCE_S = 20
RESERVED = ("admin", "broker", "controller", "site", "lake", "fleet")
SHIP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")

READ, WRITE, DESCRIBE = AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE
IDEMPOTENT_WRITE = AclOperation.IDEMPOTENT_WRITE
TOPIC, GROUP, BROKER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.BROKER
LITERAL, PREFIXED = ResourcePatternType.LITERAL, ResourcePatternType.PREFIXED


@dataclass(frozen=True)
class Right:
    """One thing that is allowed on a topic, a group or the cluster; `name` is a beginning where `prefix`."""

    kind: ResourceType
    name: str
    operation: AclOperation
    prefix: bool = False


@dataclass(frozen=True)
class User:
    """A user of Kafka."""

    name: str
    password: str = field(repr=False)
    rights: tuple[Right, ...] = ()


IDEMPOTENTLY = Right(BROKER, "kafka-cluster", IDEMPOTENT_WRITE)
"""Producers number their messages; brokers before 3.0 ask for this right too."""

SHIP = (Right(TOPIC, RAW, WRITE), Right(TOPIC, RAW, DESCRIBE), IDEMPOTENTLY)
"""A ship writes telemetry, and reads nothing, not even its own."""

SITE = (
    *(Right(TOPIC, RAW, operation) for operation in (READ, WRITE, DESCRIBE)),  # it sends mended letters once more
    *(Right(TOPIC, DEAD_LETTERS, operation) for operation in (READ, WRITE, DESCRIBE)),
    IDEMPOTENTLY,
    Right(GROUP, "telemetry.tracker", READ),
    Right(GROUP, "radar.", READ, prefix=True),
    Right(GROUP, "hocotate.look", READ),
)

LAKE = (
    Right(TOPIC, RAW, READ),
    Right(TOPIC, RAW, DESCRIBE),
    Right(GROUP, "spark-kafka-source-", READ, prefix=True),
)


def ship(user: str, password: str) -> User:
    """A ship or a fleet of them."""
    return User(user, password, SHIP)


def ship_user(name: str) -> str:
    """The user that a ship called `name` has.

    Raises:
        StackError: the name can't be one.
    """
    if not SHIP_NAME.fullmatch(name) or name in RESERVED:
        raise StackError(
            f"{name!r} can't be a ship's user at Kafka.",
            f"Give 1 to 60 letters, digits, dots, dashes or underscores; {', '.join(RESERVED)} are taken.",
        )
    return name


def users(secrets: Mapping[str, str]) -> tuple[User, ...]:
    """The users of a platform that has just been made: its parts, and the first fleet."""
    return (
        User("site", secrets["KAFKA_SITE_PASSWORD"], SITE),
        User("lake", secrets["KAFKA_LAKE_PASSWORD"], LAKE),
        ship("fleet", secrets["KAFKA_FLEET_PASSWORD"]),
    )


def ensure(context: Context) -> None:
    """Make the users, set their passwords to those of the secrets, and give them their rights."""
    for user in users(context.secrets):
        add(context, user)


def add(context: Context, user: User) -> None:
    """Make one user, or set its password, and give it exactly its rights."""
    client = admin(context)
    credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    change = UserScramCredentialUpsertion(user.name, credential, user.password.encode())
    for done in client.alter_user_scram_credentials([change]).values():
        done.result(timeout=PATIENCE_S)
    wanted = [binding(user.name, right) for right in user.rights]
    for done in client.create_acls(wanted).values():
        done.result(timeout=PATIENCE_S)
    _take_others(client, user.name, set(wanted))


def remove(context: Context, name: str) -> None:
    """Take a user's rights, then the user; one that is not there is no error."""
    client = admin(context)
    _take_others(client, name, set())
    change = UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_512)
    for done in client.alter_user_scram_credentials([change]).values():
        try:
            done.result(timeout=PATIENCE_S)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.RESOURCE_NOT_FOUND:
                raise


def binding(user: str, right: Right) -> AclBinding:
    """The ACL of a right."""
    pattern = PREFIXED if right.prefix else LITERAL
    return AclBinding(right.kind, right.name, pattern, f"User:{user}", "*", right.operation, AclPermissionType.ALLOW)


def _take_others(client: AdminClient, user: str, wanted: set[AclBinding]) -> None:
    """Take the rights that a user has had from an older release."""
    every = AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # any; as below
        ResourcePatternType.ANY,
        f"User:{user}",
        None,  # type: ignore[arg-type]
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    held = client.describe_acls(every).result(timeout=PATIENCE_S)
    surplus = [
        AclBindingFilter(
            acl.restype,
            acl.name,
            acl.resource_pattern_type,
            acl.principal,
            acl.host,
            acl.operation,
            acl.permission_type,
        )
        for acl in held
        if acl not in wanted
    ]
    if surplus:
        for done in client.delete_acls(surplus).values():
            done.result(timeout=PATIENCE_S)
