"""The documentation says what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from stack.config import ROOT
from stack.ports import PORTS
from stack.services import SERVICES

PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("ships_client/*.md"), *ROOT.glob("docker/*.md")]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make (?:-s )?([a-z]+)", page.read_text()))
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named <= known


def test_the_example_of_settings_names_every_port_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text()
    named = {name: int(number) for name, number in re.findall(r"\b([A-Z0-9_]+_PORT)=(\d+)", text)}
    assert named == {port.setting: port.number for port in PORTS.values()}


def test_operations_names_every_part() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    assert all(re.search(rf"\b{name}\b", text) for name in SERVICES)


def test_each_alert_is_told_with_its_runbook() -> None:
    told = re.findall(
        r"^\| \[(\w+)\]\(\.\./observability/runbooks/\1\.md\)", (ROOT / "docs" / "alerts.md").read_text(), re.M
    )
    assert sorted(told) == sorted(path.stem for path in (ROOT / "observability" / "runbooks").glob("*.md"))


def test_help_lists_the_targets_of_the_readme() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "stop", "status", "logs", "backup", "restore", "test", "bench", "clean", "help"):
        assert f"make {target}" in shown
