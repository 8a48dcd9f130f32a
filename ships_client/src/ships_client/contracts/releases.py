"""Released versions of the contracts: what producers in the field may still send, and topics still hold.

A released file never changes. `python -m ships_client.contracts.releases` releases what stands in the schema files as
the next version of each contract that has changed; the number goes into the contract's header or `version`.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ships_client.contracts import schemas

FOLDER: Final = schemas.FOLDER / "releases"


def path(subject: str, version: int) -> Path:
    """Where a released version of `subject` lies; the first is 1."""
    return FOLDER / subject / f"{version}.json"


def _read(subject: str) -> tuple[str, ...]:
    texts: list[str] = []
    while (file := path(subject, len(texts) + 1)).exists():
        texts.append(file.read_text(encoding="utf-8"))
    return tuple(texts)


RELEASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {subject: _read(subject) for subject in schemas.STRUCTS}
)
"""Schema texts by registry subject, version 1 first."""


def main() -> None:
    """Release every contract that differs from its newest release."""
    for subject, released in RELEASES.items():
        if released[-1:] != (schemas.SUBJECTS[subject],):
            file = path(subject, len(released) + 1)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(schemas.SUBJECTS[subject], encoding="utf-8")


if __name__ == "__main__":
    main()
