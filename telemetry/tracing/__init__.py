"""The way of one message: the ship's tick, Kafka, the tracker, the radar's frame, the lake's rows."""
