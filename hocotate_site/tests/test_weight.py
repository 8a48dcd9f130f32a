"""What each process of the site carries, whatever it does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stack.config import ROOT

HEAVY = "duckdb", "pyarrow", "boto3", "obstore", "pandas", "numpy", "pyiceberg", "pyspark"
LOADED = "import django, sys; django.setup(); print(*sorted(set(sys.argv[1:]) & set(sys.modules)))"


@pytest.mark.parametrize("process", ["", "from radar.management.commands import run_radar; "])
def test_what_few_processes_need_the_others_do_not_load(process: str) -> None:
    code = LOADED.replace("print(", f"{process}print(")
    done = subprocess.run([sys.executable, "-c", code, *HEAVY], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
