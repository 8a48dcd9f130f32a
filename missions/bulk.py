"""Registering thousands of missions at once; asking again with the same keys is safe."""

import logging
from collections.abc import Sequence

from django.db import transaction

from hocotate_site import metrics
from missions.exceptions import InvalidMission, KeyReused
from missions.models import Mission, ShipToken
from missions.registration import NewMission, Registered, check_same, check_ship

logger = logging.getLogger(__name__)


def missions_register(*, token: ShipToken, missions: Sequence[NewMission]) -> list[Registered]:
    """Register all of these missions or none, in three statements; each as `mission_register`, in their order.

    Raises:
        InvalidMission: one cannot be, or two have the same key.
        KeyReused: the key of one stands for other values.
        NotYourShip, ShipInFlight: as for a single mission.
    """
    _check_all(missions)
    rows = [new.row(token) for new in missions]
    keyed = {row.idempotency_key: row for row in rows if row.idempotency_key is not None}
    with transaction.atomic():
        if token.ship_name is not None:
            stands = _standing(token, list(keyed))
            check_ship(token, [new.ship_name for new in missions if new.idempotency_key not in stands])
        Mission.objects.bulk_create([row for row in rows if row.idempotency_key is None])
        # In the order of their keys: of two calls with keys in common one then waits, and never both in a circle.
        Mission.objects.bulk_create([keyed[key] for key in sorted(keyed)], ignore_conflicts=True)
        # Conflicts leave the rows without numbers: what stands under the keys says them.
        standing = _standing(token, list(keyed))
        found = [_as_registered(row) if (key := row.idempotency_key) is None else standing[key] for row in rows]
        for index, (earlier, new) in enumerate(zip(found, missions, strict=True)):
            try:
                check_same(earlier, new)
            except KeyReused as error:
                raise KeyReused(f"missions[{index}]: {error}") from None
        # A row of an earlier call has that call's time.
        made = sum(mission.started_at == row.started_at for mission, row in zip(found, rows, strict=True))
        transaction.on_commit(lambda: metrics.MISSIONS_REGISTERED.inc(made))
    logger.info("%d missions registered with token %s, of %d asked for.", made, token, len(rows))
    return found


def _check_all(missions: Sequence[NewMission]) -> None:
    seen: dict[str, int] = {}
    for index, new in enumerate(missions):
        try:
            new.check()
        except InvalidMission as error:
            raise InvalidMission(f"missions[{index}]: {error}") from None
        key = new.idempotency_key
        if key is not None and (first := seen.setdefault(key, index)) != index:
            raise InvalidMission(f"missions[{index}] has the idempotency_key of missions[{first}]; give each its own.")


def _standing(token: ShipToken, keys: list[str]) -> dict[str, Registered]:
    rows = Mission.objects.filter(registered_by=token, idempotency_key__in=keys).order_by()
    return {str(key): Registered._make(row) for key, *row in rows.values_list("idempotency_key", *Registered._fields)}


def _as_registered(mission: Mission) -> Registered:
    return Registered._make(getattr(mission, field) for field in Registered._fields)
