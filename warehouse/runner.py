"""Runs dbt for the site, warm: what it has imported and parsed serves the next build as well.

It parses the project when it starts, and says how that went. Then each line on standard input is a request,
{"args": [...]}, and each line on standard output the answer to one, {"ok": bool, "failed": [{"node", "message"}]}, as
the first. dbt's own words go to standard error. The process ends when its input does, in the middle of a build too, and
when nobody has asked for IDLE_S.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from typing import Any

IDLE_S = 600.0


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    requests: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["parse", "--no-write-json"])
    answers.write(json.dumps(_answer(parsed)) + "\n")
    while parsed.success:
        try:
            request = json.loads(requests.get(timeout=IDLE_S))
        except queue.Empty:
            return
        answers.write(json.dumps(_answer(dbtRunner(manifest=parsed.result).invoke(request["args"]))) + "\n")


def _read(requests: queue.Queue[str]) -> None:
    for line in sys.stdin:
        requests.put(line)
    # Whoever asked is gone. Its sessions end with this process, and PostgreSQL then stops what they run.
    os._exit(0)


def _answer(outcome: Any) -> dict[str, Any]:
    return {"ok": outcome.success, "failed": [] if outcome.success else _failed(outcome)}


def _failed(outcome: Any) -> list[dict[str, str]]:
    results = getattr(outcome.result, "results", None) or []
    failed = [
        {"node": f"{result.node.resource_type} {result.node.name}", "message": result.message or ""}
        for result in results
        if result.status in ("error", "fail", "runtime error")
    ]
    return failed or [{"node": "dbt", "message": str(outcome.exception or "It failed without a word.")}]


if __name__ == "__main__":
    main()
