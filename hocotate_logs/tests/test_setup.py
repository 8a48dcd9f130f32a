"""A program that logs as the settings say: a process of its own, as the lake writer is."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hocotate_logs import LogSettingInvalid, configuration
from stack.config import ROOT

SAYS = """
import logging, logging.config, os
import hocotate_logs
logging.config.dictConfig(hocotate_logs.from_environment(os.environ, "lake"))
logging.getLogger("spark.keeper").info("%d files", 3)
logging.getLogger("spark.keeper").debug("seldom asked for")
logging.getLogger("httpcore.http11").debug("Authorization: Bearer secret")
logging.getLogger("urllib3.connectionpool").debug("PUT /missions/1?X-Amz-Signature=secret")
"""


def said(**settings: str) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOG_")} | settings
    argv = [sys.executable, "-c", SAYS]
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_lines_for_people_unless_the_setting_says_otherwise() -> None:
    (line,) = said()
    assert line.endswith("Z INFO lake spark.keeper: 3 files")


def test_lines_for_programs_and_more_of_them_by_setting() -> None:
    # What clients say of each call, with credentials, is never among them.
    lines = [json.loads(line) for line in said(LOG_FORMAT="json", LOG_LEVEL="DEBUG", LOG_PART="second lake")]
    assert [(line["part"], line["level"]) for line in lines] == [("second lake", "INFO"), ("second lake", "DEBUG")]


@pytest.mark.parametrize(("form", "level"), [("xml", "INFO"), ("json", "LOUD")])
def test_a_wrong_setting_is_a_sentence(form: str, level: str) -> None:
    with pytest.raises(LogSettingInvalid, match=r"LOG_(FORMAT|LEVEL) is '(xml|LOUD)'; it is one of "):
        configuration("web", form, level)
