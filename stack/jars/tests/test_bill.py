"""The bill of materials names every file of the lock."""

from __future__ import annotations

from stack.jars.bill import bill
from stack.jars.lock import read_lock


def test_every_locked_file_is_a_component_with_its_checksum() -> None:
    files = read_lock()
    components = bill(files)["components"]
    assert {part["hashes"][0]["content"] for part in components} == {file.sha256 for file in files}
    assert len({part["bom-ref"] for part in components}) == len(components) == len(files)


def test_an_archive_with_a_classifier_has_it_in_its_address() -> None:
    (registry,) = [part for part in bill(read_lock())["components"] if part["group"] == "io.apicurio"]
    assert registry["purl"].endswith("?type=tar.gz&classifier=all")
