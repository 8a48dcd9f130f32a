"""Who flies where: the plan of a flight, from the fleet's seed and the flight's number alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ships_client.contracts.world import CAPTAINS, HOME, SHIPS, TARGETS
from ships_client.exceptions import ConfigurationError
from ships_client.sim.draws import PLAN, draw

MAX_REPORT_FREQ_MIN: Final = 1440


@dataclass(frozen=True, slots=True)
class FlightPlan:
    """A flight to be flown; `seed` and `number` decide all that happens on it."""

    seed: int
    number: int
    ship: str
    captain: str
    target: str
    report_freq_min: int
    one_way: bool = False

    def __post_init__(self) -> None:
        check_target(self.target)
        if not 1 <= self.report_freq_min <= MAX_REPORT_FREQ_MIN:
            raise ConfigurationError(
                f"Reports every {self.report_freq_min} minutes can't be; choose 1 to {MAX_REPORT_FREQ_MIN}."
            )


def check_target(target: str) -> str:
    """The target, if ships may go there; raises ConfigurationError."""
    if target == HOME:
        raise ConfigurationError(f"{HOME} is home, not a target. Choose one of: {', '.join(TARGETS)}.")
    if target not in TARGETS:
        raise ConfigurationError(f"There is no planet {target!r}. Choose one of: {', '.join(TARGETS)}.")
    return target


def ship_name(berth: int) -> str:
    """Name of the ship at a berth of a fleet: the known ships, then the same with _02, _03 and so on."""
    lap, index = divmod(berth, len(SHIPS))
    return SHIPS[index] if lap == 0 else f"{SHIPS[index]}_{lap + 1:02d}"


class Roster:
    """Hands out plans: one flight a berth, or with `keep` one after the other for ever."""

    def __init__(
        self,
        *,
        seed: int,
        report_freq_min: int,
        targets: Sequence[str] = TARGETS,
        one_way: bool = False,
        keep: bool = False,
    ) -> None:
        self._seed = seed
        self._report_freq_min = report_freq_min
        self._targets = [check_target(target) for target in targets]
        self._one_way = one_way
        self._keep = keep
        self._next = 0
        self._served: set[int] = set()

    def next(self, berth: int) -> FlightPlan | None:
        """The next flight from `berth`, None when it has flown all of its."""
        if berth in self._served and not self._keep:
            return None
        self._served.add(berth)
        number, self._next = self._next, self._next + 1
        whom, where = draw(self._seed, number, 0, PLAN)[0, :2]
        return FlightPlan(
            seed=self._seed,
            number=number,
            ship=ship_name(berth),
            captain=CAPTAINS[int(whom * len(CAPTAINS))],
            target=self._targets[int(where * len(self._targets))],
            report_freq_min=self._report_freq_min,
            one_way=self._one_way,
        )


class OneFlight:
    """The roster of a single ship: its plan, once."""

    def __init__(self, plan: FlightPlan) -> None:
        self._plan: FlightPlan | None = plan

    def next(self, berth: int) -> FlightPlan | None:
        """The plan at the first call, then None."""
        plan, self._plan = self._plan, None
        return plan
