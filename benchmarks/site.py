"""The site as its people use it: its commands, and a browser that is signed in."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from stack.config import ROOT
from stack.services.apps import manage
from stack.services.base import Context, inherited


def managed(context: Context, *arguments: str) -> str:
    """What a command of manage.py prints; RuntimeError when it fails."""
    done = subprocess.run(
        manage(*arguments),
        cwd=ROOT,
        env={**inherited(), **context.settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed: {done.stderr.strip()[-1500:]}")
    return done.stdout


@contextmanager
def administrator(context: Context) -> Iterator[httpx.Client]:
    """A browser that the first administrator has signed in with."""
    with httpx.Client(base_url=context.settings["SITE_URL"], timeout=60, trust_env=False) as browser:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/login/").text)
        if found is None:
            raise RuntimeError("The sign-in page has no form.")
        form = {
            "username": context.settings["ADMIN_USER"],
            "password": context.settings["ADMIN_PASSWORD"],
            "csrfmiddlewaretoken": found[1],
        }
        browser.post("/login/", data=form, headers={"Referer": str(browser.base_url)})
        if "sessionid" not in browser.cookies:
            raise RuntimeError("The administrator could not sign in.")
        yield browser
