"""How a fleet reaches headquarters: Kafka, the missions API, and the token that opens it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from ships_client.client.dispatch import ERRAND_S
from ships_client.exceptions import ConfigurationError
from ships_client.transports.headquarters import Headquarters, api_base
from ships_client.transports.kafka import TelemetryProducer, linger_ms
from ships_client.transports.kafka_security import PLAIN, KafkaSecurity
from ships_client.transports.store import ReportStore


@dataclass(frozen=True, slots=True)
class Connection:
    """Addresses and credentials.

    Attributes:
        kafka: host:port of a broker.
        missions_api: URL of register_mission; the rest of the API lies beside it.
        token: the ship token.
        security: how Kafka is spoken to, and as whom.
    """

    kafka: str
    missions_api: str
    token: str = field(repr=False)
    security: KafkaSecurity = PLAIN

    def __post_init__(self) -> None:
        """Refuse what can't be used; raises ConfigurationError."""
        api_base(self.missions_api)
        if not self.token:
            raise ConfigurationError(
                "There is no ship token. Set HOCOTATE_TOKEN; "
                "at headquarters, `manage.py create_ship_token NAME` makes one."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """From KAFKA_BOOTSTRAP, MISSIONS_API, HOCOTATE_TOKEN and Kafka's credentials; raises ConfigurationError."""
        return cls(
            environment.get("KAFKA_BOOTSTRAP", "127.0.0.1:9092"),
            environment.get("MISSIONS_API", "http://127.0.0.1:8000/register_mission"),
            environment.get("HOCOTATE_TOKEN", ""),
            KafkaSecurity.from_environment(environment),
        )

    def producer(self, messages_a_second: float) -> TelemetryProducer:
        """A line to Kafka, for about so many messages a second."""
        return TelemetryProducer(self.kafka, security=self.security, linger_ms=linger_ms(messages_a_second))

    def headquarters(self, patience_s: float = ERRAND_S) -> Headquarters:
        """A line to the missions API, which is asked again for `patience_s` while it is away."""
        return Headquarters(self.missions_api, self.token, patience_s=patience_s)

    def store(self) -> ReportStore:
        """A line to wherever headquarters has reports put."""
        return ReportStore(patience_s=ERRAND_S)
