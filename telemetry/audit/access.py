"""Invariant 6: every write needs a credential. Asks the running site and object store, without one."""

from __future__ import annotations

import re
import ssl
from typing import Any, Final

import httpx
from django.conf import settings

from .finding import Finding

ORIGINAL: Final = ("/register_mission", "/complete_mission")
SAFE: Final = {"get", "head", "options", "parameters"}
REFUSED: Final = {401, 403}
MADE_UP: Final[dict[str, dict[str, str]]] = {"/api/v1/ships/enrol": {"secret": "he_nobody"}}
"""Writes whose credential is in their body, by path, with one that nobody has."""


def access() -> Finding:
    """Call every writing operation of the API, and create an object in each bucket, as nobody."""
    found = Finding(6, "every write needs a credential")
    site = settings.SITE_INNER_URL or settings.SITE_URL
    # The machine's authorities, or those of SSL_CERT_FILE.
    with httpx.Client(timeout=10, trust_env=False, verify=ssl.create_default_context()) as nobody:
        try:
            writes = _writes(nobody, site)
            for method, path in writes:
                status = nobody.request(method, site + path, json=MADE_UP.get(path, {})).status_code
                if status != 401 and not (path in MADE_UP and status == 403):
                    found.broken.append(f"{method} {path} answers {status} to nobody; it should be 401.")
            for bucket in (settings.BUCKET_MISSIONS, settings.BUCKET_LOGS):
                url = f"{settings.S3_ENDPOINT_URL}/{bucket}/audit"
                status = nobody.put(url, content=b"").status_code
                if status not in REFUSED:
                    found.broken.append(f"PUT {url} answers {status} to nobody; it should be 403.")
        except httpx.HTTPError as error:
            found.broken.append(f"Not to be asked at {error.request.url}: {error}. Is `make status` green?")
            return found.judged()
    found.figures = {"operations asked": len(writes), "buckets asked": 2}
    return found.judged()


def _writes(nobody: httpx.Client, site: str) -> list[tuple[str, str]]:
    """Method and path of every operation that writes, with 1 for each parameter of the path."""
    answer = nobody.get(f"{site}/api/openapi.json")
    answer.raise_for_status()
    paths: dict[str, dict[str, Any]] = answer.json()["paths"]
    listed = [
        (method.upper(), re.sub(r"\{[^}]*\}", "1", path))
        for path, operations in paths.items()
        for method in operations
        if method not in SAFE
    ]
    return listed + [("POST", path) for path in ORIGINAL]
