"""The contracts, registered with BACKWARD compatibility, release by release."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from confluent_kafka.schema_registry import ConfigCompatibilityLevel, Schema, SchemaRegistryClient, ServerConfig
from confluent_kafka.schema_registry.error import SchemaRegistryError

from ships_client.contracts import schemas
from ships_client.contracts.releases import RELEASES
from stack.errors import StackError
from stack.services.base import Context

COMPATIBILITY = ConfigCompatibilityLevel.BACKWARD
"""Each release is compared with the one before it. That covers all of them: the schemas are closed, so what a release
takes is a set of messages, and BACKWARD means that it holds the set before it."""


def ensure(context: Context) -> None:
    """Register each contract under its subject; the same schemas again change nothing.

    Raises:
        StackError: the registry refuses a schema; carries its reason.
    """
    with SchemaRegistryClient({"url": context.settings["REGISTRY_URL"]}) as client:
        for subject, text in schemas.SUBJECTS.items():
            register(client, subject, [*RELEASES[subject], text])


def register(client: SchemaRegistryClient, subject: str, texts: Sequence[str]) -> None:
    """Register schemas under `subject` in order, each only if it takes all that the one before it takes.

    In a new registry the numbers of its versions are those of the releases. Where the subject has versions, only
    what comes after the newest known one is registered.

    Raises:
        StackError: the registry refuses one; carries its reason.
    """
    client.set_config(subject, ServerConfig(compatibility=COMPATIBILITY))
    missing = list(texts)
    if _has_versions(client, subject):
        known = max((place for place, text in enumerate(texts) if _is_known(client, subject, text)), default=None)
        missing = missing[-1:] if known is None else missing[known + 1 :]
    for text in missing:
        try:
            client.register_schema(subject, Schema(text, schema_type="JSON"))
        except SchemaRegistryError as error:
            raise StackError(
                f"The registry refused the contract {subject}: {_reason(error)}",
                "Change the contract so that older messages stay readable, or give it a new subject.",
            ) from error


def _has_versions(client: SchemaRegistryClient, subject: str) -> bool:
    try:
        return bool(client.get_versions(subject))
    except SchemaRegistryError as error:
        if error.http_status_code == HTTPStatus.NOT_FOUND:
            return False
        raise


def _is_known(client: SchemaRegistryClient, subject: str, text: str) -> bool:
    try:
        client.lookup_schema(subject, Schema(text, schema_type="JSON"))
    except SchemaRegistryError as error:
        if error.http_status_code == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True


def _reason(error: SchemaRegistryError) -> str:
    """The registry's sentence, without the name of its exception."""
    return str(error.error_message).rpartition("Exception: ")[2]
