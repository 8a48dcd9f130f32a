"""`python -m stack.jars.bill`: the jars of the lock as a CycloneDX bill of materials."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from stack.jars.lock import LockedFile, read_lock


def bill(files: Iterable[LockedFile]) -> dict[str, Any]:
    """The bill: a component a file, with its package address and sha256."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [_component(file) for file in sorted(set(files))],
    }


def _component(file: LockedFile) -> dict[str, Any]:
    address = f"pkg:maven/{file.organisation}/{file.name}@{file.revision}?type={file.extension}"
    if file.classifier != "-":
        address += f"&classifier={file.classifier}"
    return {
        "type": "library",
        "bom-ref": f"{file.folder}/{file.file_name}",
        "group": file.organisation,
        "name": file.name,
        "version": file.revision,
        "purl": address,
        "hashes": [{"alg": "SHA-256", "content": file.sha256}],
        "properties": [{"name": "hocotate:folder", "value": file.folder}],
    }


if __name__ == "__main__":
    json.dump(bill(read_lock()), sys.stdout, indent=1)
    sys.stdout.write("\n")
