"""Passwords and keys: made once, kept private, never shared."""

import stat
from pathlib import Path

from stack.config import Platform
from stack.environment import LAKE_SETTINGS, SHIP_SETTINGS, resolve, save
from stack.secrets import ACCESS_KEYS, PASSWORDS, load_or_create


def test_secrets_are_made_once_and_stay(tmp_path: Path) -> None:
    platform = Platform(tmp_path, 0, {})
    first = load_or_create(platform)
    assert load_or_create(platform) == first
    assert set(first) == {*PASSWORDS, *ACCESS_KEYS}
    assert len(set(first.values())) == len(first)


def test_a_secret_added_by_a_later_release_is_made_and_the_others_stay(tmp_path: Path) -> None:
    platform = Platform(tmp_path, 0, {})
    first = load_or_create(platform)
    kept = [line for line in platform.secrets_file.read_text().splitlines() if not line.startswith("VALKEY_PASSWORD")]
    platform.secrets_file.write_text("\n".join(kept))
    second = load_or_create(platform)
    assert second["VALKEY_PASSWORD"] != first["VALKEY_PASSWORD"]
    assert {**second, "VALKEY_PASSWORD": ""} == {**first, "VALKEY_PASSWORD": ""}


def test_both_files_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    platform = Platform(tmp_path, 0, {})
    save(platform, resolve(platform, load_or_create(platform), "/java", "/jars"))
    for path in (platform.secrets_file, platform.env_file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_platforms_share_no_secret(tmp_path: Path) -> None:
    one = load_or_create(Platform(tmp_path / "one", 0, {}))
    two = load_or_create(Platform(tmp_path / "two", 0, {}))
    assert not set(one.values()) & set(two.values())


def test_ships_and_the_lake_writer_know_only_their_own(tmp_path: Path) -> None:
    platform = Platform(tmp_path, 0, {})
    settings = resolve(platform, load_or_create(platform), "/java", "/jars")
    # What only a person sets has no value of the platform's own.
    given = {name for name in LAKE_SETTINGS if name.startswith(("LAKE_", "LOG_", "SPARK_"))}
    assert set(SHIP_SETTINGS) <= set(settings)
    assert set(LAKE_SETTINGS) - given <= set(settings)
    for names in (SHIP_SETTINGS, LAKE_SETTINGS):
        assert not {"DATABASE_URL", "DJANGO_SECRET_KEY", "S3_SITE_SECRET_KEY"} & set(names)
    assert not any(name.startswith("S3_") for name in SHIP_SETTINGS)
