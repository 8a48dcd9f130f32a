"""Where telemetry flows: the broker, its topics and the schema registry."""

from hocotate_site.settings.environment import env

KAFKA_BOOTSTRAP = env.str("KAFKA_BOOTSTRAP", "127.0.0.1:9092")
REGISTRY_URL = env.str("REGISTRY_URL", "http://127.0.0.1:8081/apis/ccompat/v7")
TOPIC_RAW = "telemetry.raw"
TOPIC_DEAD_LETTERS = "telemetry.dlq"

# Ports on which the long-running processes serve their metrics, on loopback.
RADAR_METRICS_PORT = env.int("FLEET_METRICS_PORT", 8002)
TRACKER_METRICS_PORT = env.int("TRACKER_METRICS_PORT", 8004)
LAKE_METRICS_PORT = env.int("LAKE_METRICS_PORT", 8003)

# Where the watching servers are; empty where they are not started.
PROMETHEUS_URL = env.str("PROMETHEUS_URL", "").rstrip("/")
GRAFANA_URL = env.str("GRAFANA_URL", "").rstrip("/")

# Where jobs push how they ended; empty where nobody keeps it.
PUSHGATEWAY_URL = env.str("PUSHGATEWAY_URL", "").rstrip("/")
