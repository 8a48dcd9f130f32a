"""The lock names each file once, and refuses what it does not know."""

from pathlib import Path

import pytest

from stack.errors import StackError
from stack.jars.ivy import locked_module
from stack.jars.lock import LockedFile, read_lock, write_lock


def test_the_committed_lock_names_every_file_once_with_a_sha256() -> None:
    files = read_lock()

    assert len({(file.folder, file.file_name) for file in files}) == len(files)
    assert all(len(file.sha256) == 64 for file in files)
    assert {file.folder for file in files} == {"kafka", "agent", "spark", "registry"}


def test_spark_gets_no_jar_that_pyspark_brings() -> None:
    organisations = {file.organisation for file in read_lock() if file.folder == "spark"}

    assert not organisations & {"org.apache.hadoop", "org.scala-lang"}


def test_a_lock_reads_back_as_it_was_written(tmp_path: Path) -> None:
    files = [
        LockedFile("kafka", "org.a", "b_2.13", "1.5.6-10", "-", "jar", "0" * 64),
        LockedFile("registry", "io.c", "d", "3", "all", "tar.gz", "1" * 64),
    ]

    write_lock(files, tmp_path / "jars.lock")

    assert read_lock(tmp_path / "jars.lock") == files
    assert [file.file_name for file in files] == ["b_2.13-1.5.6-10.jar", "d-3-all.tar.gz"]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "jars.lock").write_text("kafka org.a half\n")

    with pytest.raises(StackError, match=r"'kafka org\.a half'"):
        read_lock(tmp_path / "jars.lock")


def test_the_module_for_ivy_asks_for_the_files_and_for_nothing_they_depend_on() -> None:
    module = locked_module([LockedFile("registry", "io.c", "d", "3", "all", "tar.gz", "1" * 64)])

    assert module.count("<dependency ") == module.count('transitive="false"') == 1
    assert 'm:classifier="all"' in module
