"""How full the disk is, as Prometheus hears it."""

import shutil
from pathlib import Path

from prometheus_client import CollectorRegistry

from hocotate_site.disk import DiskCollector


def told(folder: Path) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(DiskCollector(folder))
    return {sample.name: sample.value for family in registry.collect() for sample in family.samples}


def test_free_and_all_bytes_of_the_folder_s_disk_are_told(tmp_path: Path) -> None:
    values = told(tmp_path)

    assert values["platform_disk_size_bytes"] == shutil.disk_usage(tmp_path).total
    assert 0 < values["platform_disk_free_bytes"] <= values["platform_disk_size_bytes"]


def test_a_folder_that_is_gone_is_no_error_and_tells_nothing(tmp_path: Path) -> None:
    assert told(tmp_path / "gone") == {}
