"""What each process of the site carries, whatever it does."""

from __future__ import annotations

import os
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


def test_a_web_process_that_hands_a_report_on_does_not_load_what_works_it_off() -> None:
    code = (
        "import contextlib, sys, django\n"
        "django.setup()\n"
        "import hocotate_site.urls\n"
        "from kombu.exceptions import OperationalError\n"
        "from telemetry.services import _enqueue\n"
        "with contextlib.suppress(OperationalError): _enqueue(1)()\n"
        "print(*sorted({'telemetry.tasks', 'pgpq', 'pandas'} & set(sys.modules)))"
    )
    # A broker that nobody is: what is handed on must reach no platform.
    env = {**os.environ, "VALKEY_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
