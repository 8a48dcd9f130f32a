"""The process that runs the site's queries, one at a time: `python -m telemetry.lake.worker`.

It reads lines of JSON: the first says where the lake is and the limits, each other one is a query. It answers each with
a line of JSON and, after a query that went well, `size` bytes. It ends when its input does, also amid a query.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from contextlib import suppress
from typing import Any, Final

from telemetry.lake.access import LakeAccess, Limits
from telemetry.lake.confine import GRACE_S, confine, end_after, resident_mb
from telemetry.lake.engine import Engine
from telemetry.lake.errors import LakeQueryError, QueryTooLarge
from telemetry.lake.output import as_answer, as_csv, as_plan

LONGEST_ANSWER: Final = 32 * 2**20
"""Bytes; the site holds an answer whole."""
LONGEST_DETAIL: Final = 2_000
GROWN_MB: Final = 320
"""One that holds more after a query is not kept for the next."""


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints goes to the log, not among the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    told = json.loads(lines.get())
    access, limits = LakeAccess(**told["access"]), Limits(**told["limits"])
    confine(limits.memory_mb)
    with Engine(access, limits) as engine:
        while True:
            job = json.loads(lines.get())
            end_after(limits.seconds + GRACE_S)
            header, data = _answer(engine, job, limits)
            end_after(0)
            header["stays"] = resident_mb() < GROWN_MB
            answers.write(json.dumps(header).encode() + b"\n" + data)
            answers.flush()


def _listen(lines: queue.Queue[bytes]) -> None:
    for line in sys.stdin.buffer:
        lines.put(line)
    os._exit(0)


def _answer(engine: Engine, job: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """The header, and the result in the format asked for."""
    try:
        header, data = _result(engine, job, Limits(**{**vars(limits), "rows": job["rows"]}))
        if len(data) > LONGEST_ANSWER:
            raise QueryTooLarge(
                f"The result has {len(data) / 2**20:,.0f} MiB; at most {LONGEST_ANSWER // 2**20} MiB are answered."
                " Ask for fewer rows or columns."
            )
    except LakeQueryError as error:
        place = vars(error.place) if error.place else None
        return {"error": type(error).__name__, "detail": str(error)[:LONGEST_DETAIL], "place": place, "size": 0}, b""
    except MemoryError:
        return {"error": "QueryTooLarge", "detail": _too_much(limits), "place": None, "size": 0}, b""
    return {**header, "size": len(data)}, data


def _result(engine: Engine, job: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    sql, locations, explain = job["sql"], job["locations"], job["explain"]
    if job["format"] == "parquet":
        made = engine.parquet(sql, locations, limits=limits)
        return {"rows": made.rows, "truncated": made.truncated, "seconds": made.seconds}, made.data
    result = engine.run(sql, locations, limits=limits, explain=explain)
    header = {"rows": len(result.rows), "truncated": result.truncated, "seconds": result.seconds}
    if explain:
        text = json.dumps({"plan": as_plan(result)}, ensure_ascii=False)
    else:
        text = as_csv(result) if job["format"] == "csv" else as_answer(result)
    return header, text.encode()


def _too_much(limits: Limits) -> str:
    return f"The result needs more than {limits.memory_mb} MB. Ask for fewer rows or columns."


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        with suppress(OSError):  # a log that is a file may not be written to from here
            traceback.print_exc()
            sys.stderr.flush()
        # Not by an ordinary exit, which would wait for the thread that listens, and abort.
        os._exit(1)
