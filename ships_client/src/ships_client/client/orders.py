"""What a fleet is to fly: orders stand in the flight recorder, so that a fleet is resumed as it was begun."""

from typing import Any, Final, Self

import msgspec
from msgspec import Struct

from ships_client.client.launchpad import Plans
from ships_client.client.plans import FlightPlan, OneFlight, Roster, check_target
from ships_client.contracts.world import TARGETS
from ships_client.exceptions import ConfigurationError
from ships_client.sim.rules import MALFUNCTION_CHANCE

_FASTEST: Final = 1000.0


class Orders(Struct, frozen=True, kw_only=True):
    """What is flown, and how.

    Attributes:
        seed: what happens on every flight.
        ships: how many are in flight at once.
        targets: planets to choose from.
        report_freq_min: minutes of mission time between two reports.
        speed: ticks a second.
        spread_s: least seconds between two launches.
        keep: a new mission starts as one ends.
        one_way: missions end on the planet.
        failure_rate: chance of a malfunction for each tick in flight, 0 to 1.
        los: first and last tick of each mission without a signal.
        share: this process flies the share[0]-th of share[1] parts of the fleet.
        ship, captain, target, number: of a single ship instead of a fleet.
    """

    seed: int
    ships: int = 1
    targets: tuple[str, ...] = TARGETS
    report_freq_min: int = 2
    speed: float = 1.0
    spread_s: float = 0.0
    keep: bool = False
    one_way: bool = False
    failure_rate: float = MALFUNCTION_CHANCE
    los: tuple[int, int] | None = None
    share: tuple[int, int] = (0, 1)
    ship: str | None = None
    captain: str = ""
    target: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        """Refuse what can't be flown; raises ConfigurationError."""
        for target in self.targets:
            check_target(target)
        if not 0.1 <= self.speed <= _FASTEST:
            raise ConfigurationError(f"A speed of {self.speed:g} can't be; choose 0.1 to {_FASTEST:g} ticks a second.")
        if not 0 <= self.failure_rate <= 1:
            raise ConfigurationError(f"A failure rate of {self.failure_rate:g} can't be; choose 0 to 1 a tick.")
        if self.los and not 0 < self.los[0] <= self.los[1]:
            raise ConfigurationError(f"No signal from tick {self.los[0]} to {self.los[1]} can't be; say 120-180.")

    @classmethod
    def for_ship(cls, plan: FlightPlan, **how: Any) -> Self:
        """Orders for one ship."""
        return cls(
            seed=plan.seed,
            number=plan.number,
            ship=plan.ship,
            captain=plan.captain,
            target=plan.target,
            report_freq_min=plan.report_freq_min,
            one_way=plan.one_way,
            **how,
        )

    @classmethod
    def recorded(cls, options: dict[str, Any], changed: dict[str, Any]) -> Self:
        """Orders as they stand in a flight recorder, with what is `changed` for this run; raises ConfigurationError."""
        seed = options["seed"]
        if changed.get("seed", seed) != seed:
            raise ConfigurationError(f"What is resumed flies with seed {seed}; leave --seed out.")
        return msgspec.convert({**options, **changed}, cls)

    def as_options(self) -> dict[str, Any]:
        """The orders as they stand in a flight recorder."""
        options: dict[str, Any] = msgspec.to_builtins(self)
        return options

    def plans(self) -> Plans:
        """Where the flights come from."""
        if self.ship is None:
            return Roster(
                seed=self.seed,
                ships=self.ships,
                report_freq_min=self.report_freq_min,
                targets=self.targets,
                one_way=self.one_way,
                keep=self.keep,
                share=self.share,
            )
        return OneFlight(
            FlightPlan(self.seed, self.number, self.ship, self.captain, self.target, self.report_freq_min, self.one_way)
        )

    @property
    def silent_ticks(self) -> range | None:
        """Ticks without a signal."""
        return range(self.los[0], self.los[1] + 1) if self.los else None
