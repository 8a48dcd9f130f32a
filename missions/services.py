"""Writes of the registry; the only way for other apps to change it."""

import logging

from django.db import transaction
from django.utils import timezone

from hocotate_site import metrics
from missions import rules
from missions.bulk import missions_register
from missions.demo import PastMission, demo_missions_add, demo_missions_remove
from missions.enrolment import enrolment_create, enrolment_revoke, ship_enrol
from missions.exceptions import MissionNotFound, NotYourMission
from missions.models import Mission, ShipToken
from missions.progress import Progress, missions_record_progress
from missions.registration import NewMission, Registered, mission_register
from missions.tokens import (
    check_scope,
    token_add,
    token_authenticate,
    token_create,
    token_revoke,
    token_scopes_set,
)
from ships_client.contracts import MissionStatus, Phase

__all__ = [
    "NewMission",
    "PastMission",
    "Progress",
    "Registered",
    "check_owner",
    "check_scope",
    "demo_missions_add",
    "demo_missions_remove",
    "enrolment_create",
    "enrolment_revoke",
    "mission_complete",
    "mission_end_as_lost",
    "mission_register",
    "missions_record_progress",
    "missions_register",
    "ship_enrol",
    "token_add",
    "token_authenticate",
    "token_create",
    "token_revoke",
    "token_scopes_set",
]

logger = logging.getLogger(__name__)


def mission_complete(
    *, mission_id: int, outcome: MissionStatus, token: ShipToken, last_seq: int | None = None
) -> Mission:
    """End a running mission with the outcome that its ship reports; `last_seq` is the seq of its last message.

    Raises:
        InvalidMission: the outcome is RUNNING.
        MissionNotFound: there is no such mission.
        NotYourMission: another token registered it.
        MissionEnded: it ended before.
    """
    with transaction.atomic():
        mission = _locked(mission_id)
        check_owner(mission, token)
        return _end(mission, outcome, last_seq)


def mission_end_as_lost(*, mission_id: int) -> Mission:
    """End a running mission whose ship will not report again, as FAILURE; for operators.

    Raises:
        MissionNotFound: there is no such mission.
        MissionEnded: it ended before.
    """
    with transaction.atomic():
        return _end(_locked(mission_id), MissionStatus.FAILURE, None)


def check_owner(mission: Mission, token: ShipToken) -> None:
    """Refuse a token that did not register the mission.

    Raises:
        NotYourMission: it did not.
    """
    if mission.registered_by_id != token.token_id:
        raise NotYourMission(
            f"Mission {mission.mission_id} was registered with another token than {token.name!r}; "
            "use the one that registered it."
        )


def _locked(mission_id: int) -> Mission:
    mission = Mission.objects.select_for_update().filter(mission_id=mission_id).first()
    if mission is None:
        raise MissionNotFound(f"There is no mission {mission_id}; register it before its end.")
    return mission


def _end(mission: Mission, outcome: MissionStatus, last_seq: int | None) -> Mission:
    """End a mission whose row is locked."""
    mission.status = rules.end(mission.mission_id, MissionStatus(mission.status), outcome).value
    phase = rules.phase_at_end(Phase(mission.phase) if mission.phase else None, outcome)
    mission.phase = phase.value if phase else None
    mission.final_seq = last_seq
    mission.finished_at = timezone.now()
    mission.save(update_fields=["status", "phase", "final_seq", "finished_at", "updated_at"])
    transaction.on_commit(metrics.MISSIONS_COMPLETED.labels(outcome.value).inc)
    ids = {"mission": mission.mission_id, "ship": mission.ship_name}
    logger.info("Mission %d ended: %s.", mission.mission_id, outcome.value, extra=ids)
    return mission
