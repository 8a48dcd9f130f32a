"""Registering a mission; asking again with the same key is safe."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db import IntegrityError, transaction

from hocotate_site import metrics
from missions import rules
from missions.exceptions import KeyReused, NotYourShip, ShipInFlight
from missions.models import Mission, ShipToken
from ships_client.contracts import MissionStatus

logger = logging.getLogger(__name__)

_GIVEN: Final = ("ship_name", "captain", "target", "report_freq_min")


@dataclass(frozen=True, slots=True)
class NewMission:
    """A mission to register; with a key, registering it again gives the same mission."""

    ship_name: str
    captain: str
    target: str
    report_freq_min: int
    idempotency_key: str | None = None

    def check(self) -> None:
        """Refuse what no mission can have.

        Raises:
            InvalidMission: a name, the target, the interval or the key cannot be.
        """
        rules.check_name("ship_name", self.ship_name)
        rules.check_name("captain", self.captain)
        rules.check_target(self.target)
        rules.check_interval(self.report_freq_min)
        if self.idempotency_key is not None:
            rules.check_key(self.idempotency_key)

    def row(self, token: ShipToken) -> Mission:
        """Its row, not yet in the database."""
        return Mission(
            ship_name=self.ship_name,
            captain=self.captain,
            target=self.target,
            report_freq_min=self.report_freq_min,
            registered_by=token,
            idempotency_key=self.idempotency_key,
        )


class Registered(NamedTuple):
    """A mission as it stands once it is registered: what of a Mission thousands of them need."""

    mission_id: int
    ship_name: str
    captain: str
    target: str
    report_freq_min: int
    status: str
    started_at: datetime


def mission_register(
    *,
    token: ShipToken,
    ship_name: str,
    captain: str,
    target: str,
    report_freq_min: int,
    idempotency_key: str | None = None,
) -> Mission:
    """Register a mission; with the key of an earlier call of the same token and values, return that one's.

    Raises:
        InvalidMission: a name, the target, the interval or the key cannot be.
        KeyReused: the key stands for other values.
        NotYourShip: the token belongs to another ship.
        ShipInFlight: the token belongs to this ship, which flies already.
    """
    new = NewMission(ship_name, captain, target, report_freq_min, idempotency_key)
    new.check()
    if idempotency_key is not None and (earlier := _registered(token, idempotency_key)):
        check_same(earlier, new)
        return earlier
    mission = new.row(token)
    try:
        with transaction.atomic():
            check_ship(token, [ship_name])
            mission.save(force_insert=True)
            transaction.on_commit(metrics.MISSIONS_REGISTERED.inc)
    except (IntegrityError, ShipInFlight):
        # Another request with the same key may have come first.
        earlier = _registered(token, idempotency_key) if idempotency_key is not None else None
        if earlier is None:
            raise
        check_same(earlier, new)
        return earlier
    ids = {"mission": mission.mission_id, "ship": ship_name}
    logger.info("Mission %d registered: %s to %s.", mission.mission_id, ship_name, target, extra=ids)
    return mission


def check_same(earlier: Mission | Registered, new: NewMission) -> None:
    """Refuse a mission whose key stands for an earlier one with other values.

    Raises:
        KeyReused: it does; says which values.
    """
    changed = [field for field in _GIVEN if getattr(earlier, field) != getattr(new, field)]
    if changed:
        raise KeyReused(
            f"The Idempotency-Key stands for mission {earlier.mission_id}, which differs in "
            f"{', '.join(changed)}; send a new key for a new mission."
        )


def check_ship(token: ShipToken, ship_names: Sequence[str]) -> None:
    """Refuse to register missions of these ships with a token that belongs to one ship, unless it is that one and
    stays on the ground; a fleet's token may. Within a transaction: of two calls at once the second one waits.

    Raises:
        NotYourShip: the token belongs to another ship.
        ShipInFlight: the ship flies already, or would fly twice.
    """
    if token.ship_name is None or not ship_names:
        return
    for name in ship_names:
        if name != token.ship_name:
            raise NotYourShip(
                f"This token belongs to ship {token.ship_name!r}, and the mission is {name!r}'s; "
                "fly with the token of that ship, or with a fleet's."
            )
    ShipToken.objects.select_for_update().get(token_id=token.token_id)
    flying = Mission.objects.filter(registered_by=token, status=MissionStatus.RUNNING.value).order_by().first()
    if flying is not None:
        raise ShipInFlight(
            f"{token.ship_name} flies mission {flying.mission_id} to {flying.target} already; complete it first, or "
            "have an operator end it as lost in the admin.",
            flying.mission_id,
        )
    if len(ship_names) > 1:
        raise NotYourShip(f"{token.ship_name} can't fly {len(ship_names)} missions at once; register one.")


def _registered(token: ShipToken, key: str) -> Mission | None:
    return Mission.objects.filter(registered_by=token, idempotency_key=key).first()
