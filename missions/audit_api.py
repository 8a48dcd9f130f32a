"""API of the audit log, for administrators who have signed in."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from hocotate_site.bounded import bounded
from missions.models import AuditEntry, Channel, Outcome
from missions.schemas import ErrorOut, Moment

LARGEST_ID = 2**63 - 1


class Administrators:
    """Accepts the session of somebody who may read the audit log."""

    def __call__(self, request: HttpRequest) -> Any:
        """The user; request.auth is then it.

        Raises:
            HttpError: 401 without a session, 403 without the permission.
        """
        if not request.user.is_authenticated:
            raise HttpError(401, "The audit log is for administrators: sign in at /login/.")
        if not request.user.has_perm("missions.view_auditentry"):
            raise HttpError(403, f"{request.user.get_username()} is no administrator, and may not read the audit log.")
        return request.user


router = Router(tags=["audit log"], auth=Administrators())


class EntryOut(Schema):
    """A write: when (UTC), who, what, about what, and what came of it."""

    id: int
    at: datetime
    channel: Channel
    who: str
    token_id: int | None
    user_id: int | None
    address: str | None
    action: str
    subject: str
    outcome: Outcome
    status: int | None
    detail: str


class EntriesOut(Schema):
    """A page of the log, newest first; `next` is the `after` of the following page, null on the last one."""

    entries: list[EntryOut]
    next: int | None


@router.get("/audit-log", response={200: EntriesOut, 401: ErrorOut, 403: ErrorOut, 422: ErrorOut})
def list_entries(
    request: HttpRequest,
    channel: Channel | None = None,
    outcome: Outcome | None = None,
    token_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    user_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> dict[str, object]:
    """Every write, newest first, `since` up to and without `until`."""
    asked = {
        "channel": channel,
        "outcome": outcome,
        "token_id": token_id,
        "user_id": user_id,
        "at__gte": since,
        "at__lt": until,
        "id__lt": after,
    }
    chosen = AuditEntry.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    with bounded():
        found = list(chosen[: limit + 1])
    return {"entries": found[:limit], "next": found[limit - 1].pk if len(found) > limit else None}
