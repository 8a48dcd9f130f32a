"""Who flies where: the plan of a flight, from the fleet's seed and the flight's number alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ships_client.contracts.world import CAPTAINS, HOME, SHIPS, TARGETS
from ships_client.exceptions import ConfigurationError
from ships_client.sim.chance import PLAN, draw_pairs

MAX_REPORT_FREQ_MIN: Final = 1440
MAX_SHIPS: Final = 50_000
TICKS_PER_MINUTE: Final = 60
"""Of mission time, in which a tick is a second."""


@dataclass(frozen=True, slots=True)
class FlightPlan:
    """A flight to be flown; `seed` and `number` decide all that happens on it.

    Attributes:
        seed: 0 to 2**64 - 1.
        number: 0 to 2**63 - 1; which of the seed's flights it is.
        ship, captain: names.
        target: name of a planet.
        report_freq_min: minutes of mission time between two reports, 1 to 1440.
        one_way: whether the mission ends on the planet.
    """

    seed: int
    number: int
    ship: str
    captain: str
    target: str
    report_freq_min: int = 2
    one_way: bool = False

    def __post_init__(self) -> None:
        """Refuse what can't be flown; raises ConfigurationError."""
        check_target(self.target)
        if not 1 <= self.report_freq_min <= MAX_REPORT_FREQ_MIN:
            raise ConfigurationError(
                f"Reports every {self.report_freq_min} minutes can't be; choose 1 to {MAX_REPORT_FREQ_MIN}."
            )

    @property
    def report_ticks(self) -> int:
        """Ticks between two reports."""
        return self.report_freq_min * TICKS_PER_MINUTE


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
    """Hands out plans: one flight a berth, or with `keep` one after the other for ever.

    The flight of berth b in lap l has number l * MAX_SHIPS + b, however many ships there are and however many processes
    share them: process `share[0]` of `share[1]` has every share[1]-th berth.
    """

    def __init__(
        self,
        *,
        seed: int,
        ships: int,
        report_freq_min: int = 2,
        targets: Sequence[str] = TARGETS,
        one_way: bool = False,
        keep: bool = False,
        share: tuple[int, int] = (0, 1),
    ) -> None:
        self._seed = seed
        self._report_freq_min = report_freq_min
        self._targets = [check_target(target) for target in targets]
        self._one_way = one_way
        self._keep = keep
        self._laps: dict[int, int] = {}
        self._berths = range(share[0], ships, share[1])
        self.berths = len(self._berths)
        """How many this process serves; here they are counted from 0."""

    def flown(self, laps: Mapping[int, int]) -> None:
        """How many flights each berth has begun already."""
        self._laps.update(laps)

    def next(self, berth: int) -> FlightPlan | None:
        """The next flight from `berth`, None when it has flown all of its."""
        lap = self._laps.get(berth, 0)
        if lap and not self._keep:
            return None
        self._laps[berth] = lap + 1
        place = self._berths[berth]
        number = lap * MAX_SHIPS + place
        whom, where = draw_pairs(self._seed, number, [0], PLAN)[0]
        return FlightPlan(
            seed=self._seed,
            number=number,
            ship=ship_name(place),
            captain=CAPTAINS[int(whom * len(CAPTAINS))],
            target=self._targets[int(where * len(self._targets))],
            report_freq_min=self._report_freq_min,
            one_way=self._one_way,
        )


class OneFlight:
    """The roster of a single ship: its plan, once."""

    berths = 1

    def __init__(self, plan: FlightPlan) -> None:
        self._plan: FlightPlan | None = plan

    def flown(self, laps: Mapping[int, int]) -> None:
        """Whether the flight has begun already."""
        if laps:
            self._plan = None

    def next(self, berth: int) -> FlightPlan | None:
        """The plan at the first call, then None."""
        plan, self._plan = self._plan, None
        return plan
