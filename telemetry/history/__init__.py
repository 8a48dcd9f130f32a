"""A mission's telemetry over time: from the lake and, for what is not committed there yet, from Kafka."""
