"""Asks the database about ships, reports and marts; each by a look at an index, however much there is."""

from __future__ import annotations

import datetime as dt
from typing import Final

import psycopg
from django.db import ProgrammingError, connection, transaction

from missions import selectors as missions

from .answer import Answer

MANY: Final = 1000
"""Beyond this reports are not counted on."""
LATE_S: Final = 1800.0
"""A committed report that waits for longer has been passed by two scans."""

_INGEST: Final = f"""
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM ll.report_uploads
     WHERE state IN ('announced', 'committed') AND state = 'committed' LIMIT {MANY}) w),
  (SELECT count(*) FROM (SELECT 1 FROM ll.report_uploads WHERE state = 'quarantined' LIMIT {MANY}) q),
  (SELECT extract(epoch FROM now() - min(updated_at)) FROM (SELECT updated_at FROM ll.report_uploads
     WHERE state IN ('announced', 'committed') AND state = 'committed' ORDER BY id LIMIT {MANY}) o),
  (SELECT id FROM ll.manifests ORDER BY id DESC LIMIT 1),
  (SELECT loaded_at FROM ll.manifests ORDER BY id DESC LIMIT 1),
  (SELECT rows_mission + rows_ship_state FROM ll.manifests ORDER BY id DESC LIMIT 1)
"""  # noqa: S608 (a number of ours)
_BUILD: Final = "SELECT state, reason, started_at, finished_at, seconds FROM ll.mart_builds ORDER BY id DESC LIMIT 20"


def ships() -> Answer:
    """Missions that are under way, and how many of them were heard in the last minute."""
    under_way, heard = missions.running_count(heard_within=dt.timedelta(minutes=1))
    return Answer(facts={"running": under_way, "heard": heard})


def ingest() -> Answer:
    """Reports that wait and reports in quarantine, and when the newest was loaded."""
    with connection.cursor() as cursor:
        cursor.execute(_INGEST)
        waiting, held, oldest_s, ledger, loaded_at, rows = cursor.fetchone()
    facts = {
        "held": held,
        "ledger": ledger,
        "loaded_at": loaded_at.isoformat() if loaded_at else None,
        "rows": rows,
    }
    answer = Answer(lag=waiting, freshness_s=_age(loaded_at), facts=facts)
    if held:
        many = "1,000 or more reports are" if held >= MANY else f"{held:,} report{' is' if held == 1 else 's are'}"
        return answer.degraded(f"{many} in quarantine: mend and retry them in the admin.")
    if oldest_s and oldest_s > LATE_S:
        return answer.degraded(f"A report waits for {oldest_s / 60:.0f} min: `manage.py ingest` takes it in.")
    return answer


def marts() -> Answer:
    """When they were last built, and whether the newest build failed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BUILD)
            builds = cursor.fetchall()
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            return Answer(facts={"built_at": None})
        raise
    good = next((build for build in builds if build[0] == "built"), None)
    answer = Answer(
        seconds=good[4] if good else None,
        freshness_s=_age(good[3]) if good else None,
        facts={"built_at": good[3].isoformat() if good else None},
    )
    if builds and builds[0][0] == "failed":
        return answer.degraded("The newest build failed; the last good marts stand. `manage.py build_marts` tells why.")
    return answer


def _age(moment: dt.datetime | None) -> float | None:
    return max(0.0, (dt.datetime.now(dt.UTC) - moment).total_seconds()) if moment else None
