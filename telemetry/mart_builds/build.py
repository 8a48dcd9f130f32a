"""One build of the marts: written into a schema of its own, audited there by dbt's tests, then published at once."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from telemetry.models import BuildState, Manifest, MartBuild
from telemetry.partitions import months_held

from .dbt import Dbt
from .errors import BuildBusy, BuildFailed, DbtFailed
from .project import BUILD_SCHEMA, fingerprint
from .publish import marts_analyze, marts_publish, published
from .stage import stage_clear, stage_open

logger = logging.getLogger(__name__)

LOCK: Final = (0x626C, 0)
"""Advisory lock of builds ("bl"): one at a time, released by PostgreSQL when its holder dies."""

KEPT: Final = dt.timedelta(days=90)
"""How long rows of builds are kept: one comes every few minutes."""

BROKE_OFF: Final = "The build broke off: its process ended before it was done."


@dataclass(frozen=True)
class Plan:
    """What a build takes: reports above `after` up to `upto` (numbers of the ledger), or all up to `upto` when full."""

    full: bool
    published: bool
    after: int
    upto: int
    project: str

    def variables(self, built_at: dt.datetime) -> dict[str, Any]:
        """The variables of the dbt project."""
        months = months_held()
        oldest = (
            f"{months[0].removeprefix('ship_state_').replace('_', '-')}-01T00:00:00+00:00" if months else "infinity"
        )
        return {
            "full": self.full,
            "published": self.published,
            "from_ledger": self.after,
            "to_ledger": self.upto,
            "built_at": built_at.isoformat(),
            "oldest_tick": oldest,
        }


def build_standing() -> MartBuild | None:
    """The build whose marts stand; None when there is none."""
    return MartBuild.objects.filter(state=BuildState.BUILT).order_by("-id").first()


def builds_forget(now: dt.datetime) -> int:
    """Delete rows of builds that ended more than KEPT ago, but that of the marts that stand; returns how many."""
    old, standing = MartBuild.objects.filter(finished_at__lt=now - KEPT), build_standing()
    if standing is not None:
        old = old.exclude(pk=standing.pk)
    return old.delete()[0]


def marts_build(dbt: Dbt, *, full: bool = False) -> MartBuild:
    """Build and publish the marts: what changed since those that stand, or all anew.

    All is computed anew as well when no marts stand, when the dbt project has changed since, and when the ledger ends
    below where they end.

    Raises:
        BuildBusy: another build is at it.
        BuildFailed: a model, a test or the publishing failed; the marts before it stand.
    """
    with _alone() as session:
        MartBuild.objects.filter(state=BuildState.RUNNING).update(
            state=BuildState.FAILED, reason=BROKE_OFF, finished_at=timezone.now()
        )
        plan, began = _plan(full), time.monotonic()
        build = MartBuild.objects.create(started_at=timezone.now(), full=plan.full, project=plan.project)
        try:
            stage_clear(BUILD_SCHEMA)
            stage_open(BUILD_SCHEMA)
            dbt.build(plan.variables(build.started_at))
            changed = _publish(build, plan, session, began)
        except (DbtFailed, DatabaseError) as error:
            _fail(build, str(error).strip(), began)
            raise BuildFailed(f"Build {build.pk} failed, the marts before it stand: {build.reason}") from error
        except BaseException:
            _fail(build, BROKE_OFF, began)
            raise
        logger.info("Marts: %d rows changed, up to report %d, in %.1f s.", changed, plan.upto, build.seconds or 0)
        if plan.full:
            marts_analyze()
        stage_clear(BUILD_SCHEMA)
    return build


def _plan(full: bool) -> Plan:
    last, stand, project = build_standing(), published(), fingerprint()
    upto = Manifest.objects.aggregate(last=Max("id"))["last"] or 0
    anew = full or not stand or last is None or last.project != project or upto < last.ledger_id
    return Plan(full=anew, published=stand, after=last.ledger_id if last else 0, upto=upto, project=project)


def _publish(build: MartBuild, plan: Plan, session: int, began: float) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT pg_backend_pid(), count(*) FROM {BUILD_SCHEMA}.flights WHERE finished_at IS NOT NULL"  # noqa: S608  (constants)
            )
            ours, missions = cursor.fetchone()
        if ours != session:
            raise DatabaseError("The database session that holds the build's lock is gone.")
        changed = marts_publish(BUILD_SCHEMA, full=plan.full)
        build.state, build.ledger_id, build.missions = BuildState.BUILT, plan.upto, missions
        build.finished_at, build.seconds = timezone.now(), round(time.monotonic() - began, 3)
        build.save()
    return changed


def _fail(build: MartBuild, reason: str, began: float) -> None:
    build.state, build.reason = BuildState.FAILED, reason[:2000]
    build.ledger_id = build.missions = 0
    build.finished_at, build.seconds = timezone.now(), round(time.monotonic() - began, 3)
    try:
        build.save()
    except DatabaseError:
        logger.exception(
            "Build %d failed, and its row can't be written; the next build notes that it broke off.", build.pk
        )


@contextmanager
def _alone() -> Iterator[int]:
    """Hold the lock of builds; gives the number of the database session that holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s), pg_backend_pid()", LOCK)
        got, session = cursor.fetchone()
    if not got:
        raise BuildBusy("Another build of the marts is at it; try again once it is done.")
    try:
        yield session
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)
