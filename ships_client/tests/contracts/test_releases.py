import hashlib
import json

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types

from ships_client.contracts import examples, schemas
from ships_client.contracts.releases import RELEASES
from ships_client.contracts.reports import MANIFEST_VERSION
from ships_client.contracts.telemetry import CONTRACT_HEADER, VERSION

TELEMETRY, MANIFEST = "telemetry.raw-value", "missions.manifest-value"
DIGESTS = {
    (TELEMETRY, 1): "a47e642ba527e69df00592619a45b577be43a1856b48cca8a97e6f07358b8893",
    (TELEMETRY, 2): "fd527b468e55e922fad9407cb3b1b3b8920e2cd295047cb95babf2fc65f4a13a",
    (MANIFEST, 1): "dcc852fd34fd2bc227438960057b848221ca792656159b14e9fa1ba986e3c020",
}
"""sha256 of each release: a new one adds a line, none is ever altered."""


def test_the_newest_release_is_the_contract_as_it_stands() -> None:
    for subject, released in RELEASES.items():
        assert released[-1] == schemas.SUBJECTS[subject], (
            "Run `python -m ships_client.contracts.releases`, raise the version in the code, and commit the file."
        )


def test_the_code_names_the_newest_release() -> None:
    assert (len(RELEASES[TELEMETRY]), len(RELEASES[MANIFEST])) == (VERSION, MANIFEST_VERSION)
    assert ("contract", f"telemetry/{VERSION}".encode()) == CONTRACT_HEADER


def test_a_release_never_changes() -> None:
    found = {
        (subject, version): hashlib.sha256(text.encode()).hexdigest()
        for subject, released in RELEASES.items()
        for version, text in enumerate(released, start=1)
    }
    assert found == DIGESTS


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_every_later_release_takes_the_messages_of_an_earlier_one(version: int) -> None:
    message = json.loads(examples.valid()[f"v{version}"])
    for text in RELEASES[TELEMETRY][version - 1 :]:
        Draft7Validator(json.loads(text)).validate(message)


def test_an_earlier_release_refuses_what_a_later_one_added() -> None:
    first = Draft7Validator(json.loads(RELEASES[TELEMETRY][0]))
    refused = [error.message for error in first.iter_errors(json.loads(examples.valid()["v2"]))]
    assert refused == ["Additional properties are not allowed ('phase', 'seq' were unexpected)"]
