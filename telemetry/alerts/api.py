"""API of alerts: Alertmanager's webhook tells which fire and which are over."""

from __future__ import annotations

from django.utils import timezone
from ninja import Router

from missions import audit_log
from missions.api import AuthenticatedRequest, ShipTokenAuth
from missions.schemas import ErrorOut
from missions.scopes import Scope

from .schemas import AlertsIn, AlertsOut
from .services import alerts_record

router = Router(tags=["alerts"], auth=ShipTokenAuth(Scope.ALERTS_WRITE))

NAMES = 3
"""Names of alerts that an entry of the audit log tells."""


@router.post(
    "/alerts",
    response={200: AlertsOut, 401: ErrorOut, 403: ErrorOut, 413: ErrorOut, 422: ErrorOut},
    summary="Tell of alerts",
)
def alerts(request: AuthenticatedRequest, body: AlertsIn) -> dict[str, int]:
    """Take a notification of Alertmanager's webhook. Sent again it changes nothing: an alert is known by its
    fingerprint and start, and one that is over stays over."""
    kept = alerts_record(body.alerts, now=timezone.now())
    names = sorted({alert.name for alert in kept})
    audit_log.tell(
        request, subject=f"{len(kept)} alerts: {', '.join(names[:NAMES])}{' and others' if names[NAMES:] else ''}"
    )
    return {"alerts": len(kept)}
