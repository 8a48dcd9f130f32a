"""What was sent of a mission, and what of it Kafka, the lake and the warehouse hold."""
