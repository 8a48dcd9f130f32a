"""Java 21 is taken from the machine where it has one, else from the wheel."""

import subprocess
from pathlib import Path

import pytest

from stack import java


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(java, "WELL_KNOWN", tmp_path / "jvm")


def test_a_java_21_of_the_machine_is_taken(tmp_path: Path) -> None:
    _java_home(tmp_path / "jvm/a", "17.0.15")
    home = _java_home(tmp_path / "jvm/b", "21.0.8")

    found = java.find_java(directory=tmp_path / "own")

    assert found == java.JavaHome(home, 21, "machine")


@pytest.mark.parametrize("version", ["17.0.15", "24", "25.0.3"])
def test_a_java_that_not_every_part_runs_on_is_passed_over(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(_java_home(tmp_path / "other", version)))

    found = java.find_java(directory=tmp_path / "own")

    assert found.source == "wheel"


def test_the_java_of_the_wheel_runs_and_drops_the_module_that_it_lacks(tmp_path: Path) -> None:
    found = java.find_java(directory=tmp_path / "own")

    command = [str(found.java), "--add-modules=jdk.incubator.vector", "-Dsaid=two words", "-XshowSettings:properties"]
    told = subprocess.run([*command, "-version"], capture_output=True, text=True, check=True).stderr

    assert "java.specification.version = 21" in told
    assert "said = two words" in told


def _java_home(path: Path, version: str) -> Path:
    (path / "bin").mkdir(parents=True)
    (path / "bin/java").touch()
    (path / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return path
