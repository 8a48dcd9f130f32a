import json
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import (
    InvalidKey,
    InvalidMessage,
    Reason,
    ReportKey,
    ReportKind,
    decode_manifest,
    encode_manifest,
    examples,
    object_key,
    parse_key,
)

DAY = date(2026, 11, 25)
MANIFEST = json.loads(examples.manifests()["v1"])


@given(st.integers(0, 10**18 - 1), st.dates(), st.sampled_from(ReportKind), st.integers(1, 9999))
def test_a_key_says_what_it_was_made_of(mission_id: int, day: date, kind: ReportKind, report_no: int) -> None:
    assert parse_key(object_key(mission_id, day, kind, report_no)) == ReportKey(str(mission_id), day, kind, report_no)


def test_keys_have_the_agreed_form() -> None:
    assert object_key("41", DAY, "mission", 2) == "missions/41/2026-11-25/mission_41_20261125_0002.parquet"
    assert object_key(41, DAY, ReportKind.MANIFEST, 2) == "missions/41/2026-11-25/manifest_41_20261125_0002.json"


@pytest.mark.parametrize("report_no", [0, -1, 10000])
def test_report_numbers_without_a_key_are_refused(report_no: int) -> None:
    with pytest.raises(InvalidKey, match=str(report_no)):
        object_key("41", DAY, "mission", report_no)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "missions/41/2026-11-25/mission_42_20261125_0001.parquet",
        "missions/41/2026-11-25/mission_41_20261126_0001.parquet",
        "missions/41/2026-11-25/mission_41_20261125_0000.parquet",
        "missions/41/2026-11-25/mission_41_20261125_0001.json",
        "missions/41/2026-11-25/manifest_41_20261125_0001.parquet",
        "missions/41/2026-02-30/mission_41_20260230_0001.parquet",
        "missions/41/2026-11-25/mission_41_20261125_0001.parquet\n",
        "missions/../2026-11-25/mission_.._20261125_0001.parquet",
    ],
)
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(InvalidKey):
        parse_key(key)


def test_the_golden_manifest_survives_decoding_and_encoding() -> None:
    manifest = decode_manifest(examples.manifests()["v1"])
    assert manifest.uploaded_at.tzinfo is UTC
    assert decode_manifest(encode_manifest(manifest)) == manifest
    assert [parse_key(file.key).kind.value for file in manifest.files] == [f.kind.value for f in manifest.files]


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"version": 2}, Reason.OUT_OF_RANGE, "version"),
        ({"date": "today"}, Reason.WRONG_TYPE, "date"),
        ({"files": []}, Reason.OUT_OF_RANGE, "files"),
        ({"files": [{**MANIFEST["files"][0], "sha256": "00"}]}, Reason.WRONG_TYPE, "files[0].sha256"),
        ({"files": [{**MANIFEST["files"][0], "kind": "manifest"}]}, Reason.UNKNOWN_VALUE, "files[0].kind"),
        ({"ship_state": None}, Reason.WRONG_TYPE, "ship_state"),
        ({"report_no": 0}, Reason.OUT_OF_RANGE, "report_no"),
        ({"note": "hello"}, Reason.UNKNOWN_FIELD, "note"),
    ],
    ids=str,
)
def test_a_broken_manifest_is_refused_with_its_reason(change: dict[str, object], reason: Reason, field: str) -> None:
    with pytest.raises(InvalidMessage) as caught:
        decode_manifest(json.dumps({**MANIFEST, **change}).encode())
    assert (caught.value.reason, caught.value.field) == (reason, field)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_no_manifest_and_raise_nothing_else(raw: bytes) -> None:
    with pytest.raises(InvalidMessage):
        decode_manifest(raw)
