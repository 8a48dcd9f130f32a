"""The contracts, registered with BACKWARD compatibility."""

from __future__ import annotations

from confluent_kafka.schema_registry import ConfigCompatibilityLevel, Schema, SchemaRegistryClient, ServerConfig
from confluent_kafka.schema_registry.error import SchemaRegistryError

from ships_client.contracts import schemas
from stack.errors import StackError
from stack.services.base import Context

COMPATIBILITY = ConfigCompatibilityLevel.BACKWARD


def ensure(context: Context) -> None:
    """Register each contract under its subject; the same schema again changes nothing.

    Raises:
        StackError: the registry refuses a schema; carries its reason.
    """
    with SchemaRegistryClient({"url": context.settings["REGISTRY_URL"]}) as client:
        for subject, text in schemas.SUBJECTS.items():
            try:
                client.register_schema(subject, Schema(text, schema_type="JSON"))
                client.set_config(subject, ServerConfig(compatibility=COMPATIBILITY))
            except SchemaRegistryError as error:
                raise StackError(
                    f"The registry refused the contract {subject}: {error.error_message}",
                    "Change the contract so that older messages stay readable, or give it a new subject.",
                ) from error
