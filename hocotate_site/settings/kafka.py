"""Where telemetry flows: the broker, its topics and the schema registry."""

from environs import validate

from hocotate_site.settings.environment import env

KAFKA_BOOTSTRAP = env.str("KAFKA_BOOTSTRAP", "127.0.0.1:9092")

# How the broker is spoken to; natively it is on loopback and asks for no credential.
KAFKA_SECURITY_PROTOCOL = env.str(
    "KAFKA_SECURITY_PROTOCOL",
    "PLAINTEXT",
    validate=validate.OneOf(("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")),
)
KAFKA_USER = env.str("KAFKA_USER", "")
KAFKA_PASSWORD = env.str("KAFKA_PASSWORD", "")
KAFKA_CA_FILE = env.str("KAFKA_CA_FILE", "")
REGISTRY_URL = env.str("REGISTRY_URL", "http://127.0.0.1:8081/apis/ccompat/v7")
TOPIC_RAW = "telemetry.raw"
TOPIC_DEAD_LETTERS = "telemetry.dlq"

# Where the long-running processes serve their metrics: each binds METRICS_ADDRESS, and is asked at its host and port.
METRICS_ADDRESS = env.str("METRICS_ADDRESS", "127.0.0.1")
RADAR_METRICS_HOST = env.str("FLEET_METRICS_HOST", "127.0.0.1")
TRACKER_METRICS_HOST = env.str("TRACKER_METRICS_HOST", "127.0.0.1")
LAKE_METRICS_HOST = env.str("LAKE_METRICS_HOST", "127.0.0.1")
RADAR_METRICS_PORT = env.int("FLEET_METRICS_PORT", 8002)
TRACKER_METRICS_PORT = env.int("TRACKER_METRICS_PORT", 8004)
LAKE_METRICS_PORT = env.int("LAKE_METRICS_PORT", 8003)
WORKER_METRICS_PORT = env.int("WORKER_METRICS_PORT", 8005)

# Where the watching servers are; empty where they are not started.
PROMETHEUS_URL = env.str("PROMETHEUS_URL", "").rstrip("/")
GRAFANA_URL = env.str("GRAFANA_URL", "").rstrip("/")

# Where jobs push how they ended; empty where nobody keeps it.
PUSHGATEWAY_URL = env.str("PUSHGATEWAY_URL", "").rstrip("/")
