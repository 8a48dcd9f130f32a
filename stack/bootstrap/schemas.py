"""The contracts, registered with BACKWARD compatibility, release by release."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

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

    Versions in the registry have the numbers of the releases. A registry that holds some of these and nothing else, but
    under other numbers, is numbered anew. Where others have registered theirs, what is newer than the newest known one
    is added, and numbers stay as they are.

    Raises:
        StackError: the registry refuses one; carries its reason.
    """
    wanted = [json.loads(text) for text in texts]
    held = _held(client, subject)
    if any(schema not in wanted[number - 1 : number] for number, schema in held.items()) and all(
        schema in wanted for schema in held.values()
    ):
        client.delete_subject(subject)
        client.delete_subject(subject, permanent=True)
        client.clear_caches()  # type: ignore[no-untyped-call]
        held = {}
    known = max((place for place, schema in enumerate(wanted) if schema in held.values()), default=None)
    missing = list(texts) if not held else texts[-1:] if known is None else texts[known + 1 :]
    client.set_config(subject, ServerConfig(compatibility=COMPATIBILITY))
    for text in missing:
        try:
            client.register_schema(subject, Schema(text, schema_type="JSON"))
        except SchemaRegistryError as error:
            raise StackError(
                f"The registry refused the contract {subject}: {_reason(error)}",
                "Change the contract so that older messages stay readable, or give it a new subject.",
            ) from error


def _held(client: SchemaRegistryClient, subject: str) -> dict[int, Any]:
    """The subject's schemas by version; none where there is no such subject."""
    try:
        versions = client.get_versions(subject)
    except SchemaRegistryError as error:
        if error.http_status_code == HTTPStatus.NOT_FOUND:
            return {}
        raise
    found = {number: client.get_version(subject, number).schema for number in versions}
    return {number: json.loads(schema.schema_str or "null") for number, schema in found.items() if schema}


def _reason(error: SchemaRegistryError) -> str:
    """The registry's sentence, without the name of its exception."""
    return str(error.error_message).rpartition("Exception: ")[2]
