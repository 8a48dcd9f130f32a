"""The network: Kafka for telemetry, HTTP for headquarters, presigned PUTs for reports."""

from ships_client.transports.headquarters import Headquarters, Mission, Registration, UploadAddress, api_base
from ships_client.transports.kafka import TelemetryProducer
from ships_client.transports.store import ReportStore

__all__ = [
    "Headquarters",
    "Mission",
    "Registration",
    "ReportStore",
    "TelemetryProducer",
    "UploadAddress",
    "api_base",
]
