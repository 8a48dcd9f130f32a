"""JSON Schema of the contracts, generated from the structs and committed beside them.

`python -m ships_client.contracts.schemas` writes the files. Draft-07, closed objects and an inlined root,
because registries compare exactly that form: an added optional field passes, what breaks a reader doesn't.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from ships_client.contracts.reports import Manifest
from ships_client.contracts.telemetry import Telemetry

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
FOLDER: Final = Path(__file__).with_name("schema_files")

STRUCTS: Final[Mapping[str, type[msgspec.Struct]]] = MappingProxyType(
    {"telemetry.raw-value": Telemetry, "missions.manifest-value": Manifest}
)


def generate(struct: type[msgspec.Struct]) -> str:
    """JSON text of the schema of `struct`, keys in the order of its fields."""
    _, components = msgspec.json.schema_components([struct], ref_template="#/definitions/{name}")
    root = components.pop(struct.__name__)
    schema = {"$schema": DRAFT, **root, "definitions": components}
    return json.dumps(_narrowed(schema), indent=2, ensure_ascii=False) + "\n"


def _narrowed(node: object) -> object:
    """Draft-07 ignores what stands beside a `$ref`; where that is a narrower enum, drop the ref."""
    if isinstance(node, dict):
        kept = {key: _narrowed(value) for key, value in node.items()}
        if "$ref" in kept and "enum" in kept:
            del kept["$ref"]
        return kept
    if isinstance(node, list):
        return [_narrowed(value) for value in node]
    return node


def path(subject: str) -> Path:
    """Where the committed schema of `subject` lies."""
    return FOLDER / f"{subject}.json"


def _read() -> dict[str, str]:
    return {subject: path(subject).read_text(encoding="utf-8") for subject in STRUCTS if path(subject).exists()}


SUBJECTS: Final[Mapping[str, str]] = MappingProxyType(_read())
"""Committed schema text by registry subject."""


def main() -> None:
    """Write every schema file."""
    FOLDER.mkdir(exist_ok=True)
    for subject, struct in STRUCTS.items():
        path(subject).write_text(generate(struct), encoding="utf-8")


if __name__ == "__main__":
    main()
