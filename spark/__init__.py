"""The lake: one Spark application that writes every message of telemetry.raw into Iceberg, exactly once."""
