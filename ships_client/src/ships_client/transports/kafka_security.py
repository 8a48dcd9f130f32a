"""How a ship proves to Kafka who it is, and what it is told when Kafka doesn't believe it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from confluent_kafka import KafkaError

from ships_client.exceptions import ConfigurationError

PROTOCOLS: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISM: Final = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True)
class KafkaSecurity:
    """Protocol and credentials.

    Attributes:
        protocol: one of PROTOCOLS.
        user, password: the SCRAM pair; asked for with a SASL protocol.
        ca_file: PEM file of the authority that signed the broker's certificate; empty for the machine's own ones.
    """

    protocol: str = "PLAINTEXT"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def __post_init__(self) -> None:
        """Refuse what can't be used; raises ConfigurationError."""
        if self.protocol not in PROTOCOLS:
            raise ConfigurationError(
                f"KAFKA_SECURITY_PROTOCOL is {self.protocol!r}; set it to one of {', '.join(PROTOCOLS)}."
            )
        if self._sasl and not (self.user and self.password):
            raise ConfigurationError(
                f"With {self.protocol} Kafka asks who you are: set KAFKA_USER and KAFKA_PASSWORD to the pair that "
                "headquarters gave the ship."
            )
        if self.user and not self._sasl:
            raise ConfigurationError(
                f"KAFKA_USER is set, but KAFKA_SECURITY_PROTOCOL is {self.protocol}, which sends no user; set it to "
                "SASL_PLAINTEXT or SASL_SSL."
            )
        if self.ca_file and not Path(self.ca_file).is_file():
            raise ConfigurationError(f"KAFKA_CA_FILE is {self.ca_file!r}, and there is no such file.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """From KAFKA_SECURITY_PROTOCOL, KAFKA_USER, KAFKA_PASSWORD and KAFKA_CA_FILE; raises ConfigurationError."""
        return cls(
            environment.get("KAFKA_SECURITY_PROTOCOL", "") or "PLAINTEXT",
            environment.get("KAFKA_USER", ""),
            environment.get("KAFKA_PASSWORD", ""),
            environment.get("KAFKA_CA_FILE", ""),
        )

    @property
    def _sasl(self) -> bool:
        return self.protocol.startswith("SASL_")

    def config(self) -> dict[str, object]:
        """librdkafka's settings."""
        config: dict[str, object] = {"security.protocol": self.protocol}
        if self._sasl:
            config |= {"sasl.mechanism": MECHANISM, "sasl.username": self.user, "sasl.password": self.password}
        if self.protocol.endswith("SSL") and self.ca_file:
            config["ssl.ca.location"] = self.ca_file
        return config

    @property
    def hint(self) -> str:
        """What else may be wrong with a broker that doesn't answer."""
        if self.protocol == "PLAINTEXT":
            return " A broker that asks for a user or for TLS stays silent too: set KAFKA_SECURITY_PROTOCOL."
        return f" One that doesn't speak {self.protocol} stays silent too: see KAFKA_SECURITY_PROTOCOL."

    def refusal(self, error: KafkaError) -> str:
        """What a refusal of the broker means, as the rest of a sentence that begins with it; empty for other errors."""
        if error.code() == KafkaError._AUTHENTICATION:
            return (
                f"refused user {self.user!r}: there is no such user, or the password is another. Set KAFKA_USER and "
                "KAFKA_PASSWORD to the pair that headquarters gave the ship."
            )
        if error.code() == KafkaError._SSL:
            trusted = f"the authority in {self.ca_file}" if self.ca_file else "this machine's authorities"
            return (
                f"has no certificate that {trusted} signed for this name ({error.str()}). Set KAFKA_CA_FILE to the "
                "authority's file, or KAFKA_BOOTSTRAP to the name in the certificate."
            )
        return ""

    def no_right(self, topic: str) -> str:
        """The rest of a sentence about a topic that the user may not write to."""
        return (
            f"lets user {self.user!r} not write to {topic!r}. At headquarters, make the ship's user anew; that gives "
            "it the right."
        )


PLAIN: Final = KafkaSecurity()
"""No credential, in the clear: for a broker on loopback."""
